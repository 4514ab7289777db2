import type { Environ } from '@tsgi/spec'

/**
 * The second argument of a fetch app (Hono's `c.env`): what the option `env` gives, the environ, and as much of Node's
 * request and response as the helpers of `@hono/node-server` read.
 */
export interface Bindings {
  readonly environ: Environ
  readonly incoming: Incoming
  readonly outgoing: Outgoing
  readonly [name: string]: unknown
}

/** Where `getConnInfo` looks: the client as the server knows it, behind trusted proxies the one that they name. */
export interface Incoming {
  readonly socket: ClientSocket
}

export interface ClientSocket {
  readonly remoteAddress: string | undefined
  readonly remotePort: number | undefined
  readonly remoteFamily: 'IPv4' | 'IPv6' | undefined
  readonly encrypted: boolean
}

/** What the early-hints middleware calls; without `writeEarlyHints` where the server cannot send any. */
export interface Outgoing {
  readonly headersSent: boolean
  readonly writeEarlyHints?: ((hints: { readonly link: string | readonly string[] }) => void) | undefined
}

export function bindings(environ: Environ, env: object | undefined): Bindings {
  const own = { environ, incoming: new LazyIncoming(environ), outgoing: new LazyOutgoing(environ) }
  return env === undefined ? own : { ...env, ...own }
}

class LazyIncoming implements Incoming {
  readonly #environ: Environ

  constructor(environ: Environ) {
    this.#environ = environ
  }

  get socket(): ClientSocket {
    const { remoteAddr, remotePort, urlScheme } = this.#environ
    return {
      remoteAddress: remoteAddr ?? undefined,
      remotePort: remotePort ?? undefined,
      remoteFamily: remoteAddr === null ? undefined : remoteAddr.includes(':') ? 'IPv6' : 'IPv4',
      encrypted: urlScheme === 'https',
    }
  }
}

class LazyOutgoing implements Outgoing {
  readonly #environ: Environ

  constructor(environ: Environ) {
    this.#environ = environ
  }

  /** An app that is still running has sent nothing. */
  get headersSent(): boolean {
    return false
  }

  get writeEarlyHints(): Outgoing['writeEarlyHints'] {
    const { server } = this.#environ
    if (server.earlyHints === undefined) return undefined
    return ({ link }) => server.earlyHints?.([link].flat().flatMap((value) => ['link', value]))
  }
}
