/** The environ of a request, from its head and what is known of its connection. */
import { type ForwardedClient, forwardedClient } from '@tsgi/http-fields'
import { makeContext, type Services } from '@tsgi/exchange'
import type { Environ, ErrorStream, HeaderList, Input, Local, Peer, ServerContext, Tls } from '@tsgi/spec'
import type { RequestClient } from './connection-host.ts'
import type { Settings } from './settings.ts'
import type { Transport } from './transport.ts'

type AnyExchange = Parameters<typeof makeContext>[1]

const VERSION = Object.freeze([1, 0] as const)

/** What all requests of a connection share. */
export interface ConnectionFacts {
  readonly remoteAddr: string | null
  readonly remotePort: number | null
  /** Our end. */
  readonly local: Local
  readonly urlScheme: 'http' | 'https'
  /** `null` without TLS. */
  readonly tls: Tls | null
  /** Forwarding fields of this peer are believed. */
  readonly trusted: boolean
}

export function connectionFacts(
  transport: Transport,
  encrypted: boolean,
  tls: Tls | null,
  { proxies }: Settings,
): ConnectionFacts {
  const { remoteAddress, remotePort, localAddress, localPort } = transport
  return {
    remoteAddr: remoteAddress,
    remotePort,
    local: localOf(localAddress, localPort),
    urlScheme: encrypted ? 'https' : 'http',
    tls,
    trusted: proxies?.trusts(remoteAddress) ?? false,
  }
}

/**
 * Whether a TCP peer has reset already and has no address any more. What it sent may be there still, and must not pass for a unix
 * peer's.
 */
export function hasLostPeer(remoteAddress: string | null, localAddress: string | null): boolean {
  return remoteAddress === null && localAddress !== null
}

// Consecutive connections mostly come to one address of ours.
let lastLocal: Local = Object.freeze({ address: null, port: null })

function localOf(address: string | null, port: number | null): Local {
  if (lastLocal.address !== address || lastLocal.port !== port) lastLocal = Object.freeze({ address, port })
  return lastLocal
}

/** What the environ has of a request's head, whatever carried it. */
export interface EnvironHead {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly headers: HeaderList
  /** The authority that was asked for; `''` where none was named. */
  readonly host: string
}

/** What all requests of a server share. */
export interface ServerFacts {
  readonly settings: Settings
  readonly errors: ErrorStream
}

/** @param protocol as E.7 has it */
export function makeEnviron(
  request: EnvironHead,
  protocol: string,
  services: Services,
  facts: ConnectionFacts,
  server: ServerFacts,
  input: Input,
  exchange: AnyExchange,
): Environ {
  const environ = plainEnviron(request, protocol, services, facts, server, input, exchange)
  return facts.tls === null ? environ : { ...environ, 'tsgi.tls': facts.tls }
}

function plainEnviron(
  request: EnvironHead,
  serverProtocol: string,
  services: Services,
  facts: ConnectionFacts,
  { settings, errors }: ServerFacts,
  input: Input,
  exchange: AnyExchange,
): Environ {
  const server = makeContext(settings.name, exchange, services)
  const forwarded =
    facts.trusted && settings.proxies !== null
      ? forwardedClient(facts.remoteAddr, request.headers, settings.proxies, settings.forwardedFields)
      : null
  if (forwarded !== null)
    return forwardedEnviron(request, serverProtocol, facts, settings, input, errors, server, forwarded)
  const host = splitHost(request.host, facts)
  // One literal of fixed shape: it is made for every request.
  return {
    version: VERSION,
    requestMethod: request.method,
    scriptName: '',
    pathInfo: request.path,
    queryString: request.query,
    serverName: host.name,
    serverPort: host.port ?? defaultPort(facts.urlScheme, facts, request.host),
    serverProtocol,
    urlScheme: facts.urlScheme,
    remoteAddr: facts.remoteAddr,
    remotePort: facts.remotePort,
    headers: request.headers,
    multithread: settings.multithread,
    multiprocess: settings.multiprocess,
    runOnce: settings.runOnce,
    input,
    errors,
    server,
    'tsgi.local': facts.local,
  }
}

function forwardedEnviron(
  request: EnvironHead,
  serverProtocol: string,
  facts: ConnectionFacts,
  settings: Settings,
  input: Input,
  errors: ErrorStream,
  server: ServerContext,
  forwarded: ForwardedClient,
): Environ {
  const urlScheme = forwarded.scheme ?? facts.urlScheme
  const asked = forwarded.host ?? request.host
  const host = splitHost(asked, facts)
  const peer: Peer = { address: facts.remoteAddr, port: facts.remotePort }
  return {
    version: VERSION,
    requestMethod: request.method,
    scriptName: '',
    pathInfo: request.path,
    queryString: request.query,
    serverName: host.name,
    serverPort: forwarded.port ?? host.port ?? defaultPort(urlScheme, facts, asked),
    serverProtocol,
    urlScheme,
    remoteAddr: forwarded.remoteAddr,
    // The fields may name nobody who can be believed: then the client is the peer.
    remotePort: forwarded.remotePort ?? (forwarded.remoteAddr === facts.remoteAddr ? facts.remotePort : null),
    headers: request.headers,
    multithread: settings.multithread,
    multiprocess: settings.multiprocess,
    runOnce: settings.runOnce,
    input,
    errors,
    server,
    'tsgi.local': facts.local,
    'tsgi.peer': peer,
  }
}

/** The client of a request, without holding the environ for longer. */
export const clientOf = ({ remoteAddr, urlScheme }: Environ): RequestClient => ({ remoteAddr, urlScheme })

interface Host {
  readonly name: string
  readonly port: number | null
}

// Consecutive requests mostly ask for one host.
let lastHost = ''
let lastSplit: Host = { name: '', port: null }

function splitHost(host: string, facts: ConnectionFacts): Host {
  if (host === '') return listenerHost(facts)
  if (host === lastHost) return lastSplit
  const colon = host.endsWith(']') ? -1 : host.lastIndexOf(':')
  const port = colon < 0 || colon === host.length - 1 ? null : Number(host.slice(colon + 1))
  lastSplit = { name: colon < 0 ? host : host.slice(0, colon), port }
  lastHost = host
  return lastSplit
}

function listenerHost({ local: { address, port } }: ConnectionFacts): Host {
  if (address === null) return { name: 'localhost', port }
  return { name: address.includes(':') ? `[${address}]` : address, port }
}

/** What is meant where a host has no port; on a unix socket that is for the proxy in front to know. */
function defaultPort(scheme: 'http' | 'https', facts: ConnectionFacts, host: string): number | null {
  if (facts.remoteAddr === null || host === '') return null
  return scheme === 'https' ? 443 : 80
}
