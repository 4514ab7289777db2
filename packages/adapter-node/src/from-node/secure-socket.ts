import type { Environ, Tls } from '@tsgi/spec'
import { type Attributes, attributesOf } from '../distinguished-name.ts'
import { ClientSocket, type SocketOwner } from './client-socket.ts'

/** With as much of `tls.TLSSocket` as `tsgi.tls` has: code asks whether a member is there to find out whether there is TLS. */
class SecureSocket extends ClientSocket {
  readonly #tls: Tls

  constructor(environ: Environ, owner: SocketOwner, tls: Tls) {
    super(environ, owner)
    this.#tls = tls
  }

  get authorized(): boolean {
    return this.#tls.authorized
  }

  get alpnProtocol(): string | false {
    return this.#tls.alpn ?? false
  }

  get servername(): string | false {
    return this.#tls.serverName ?? false
  }

  getProtocol(): string {
    return this.#tls.protocol
  }

  getCipher(): { name: string; standardName: string; version: string } {
    const { cipher, protocol } = this.#tls
    return { name: cipher, standardName: cipher, version: protocol }
  }

  /** As Node has it, nothing where there is none; the subject alone where there is one, and only where it was verified. */
  getPeerCertificate(): { subject?: Attributes } {
    const { subject } = this.#tls
    return subject === null ? {} : { subject: attributesOf(subject) }
  }
}

export function socketOf(environ: Environ, owner: SocketOwner): ClientSocket {
  const tls = environ['tsgi.tls'] as Tls | undefined
  return tls === undefined ? new ClientSocket(environ, owner) : new SecureSocket(environ, owner, tls)
}
