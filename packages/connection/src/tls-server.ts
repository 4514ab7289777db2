/** The TLS of a process's listeners: what a handshake needs, which can be replaced while connections are open. */
import type { SecureContextOptions, Server, TLSSocket } from 'node:tls'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Settings } from './settings.ts'
import type { TlsOptions } from '@tsgi/spec/server'
import { missingCertificate, OLDEST_TLS, readTls } from './certificates.ts'
import { ServerNames } from './server-names.ts'
import { TicketKeys } from './ticket-keys.ts'

export interface HandshakeEvents {
  onSecure(socket: TLSSocket): void
  onFailure(error: Error): void
}

/** The time for a handshake where none is set: for ever is no answer here. */
const LONGEST_HANDSHAKE = 120_000

export class TlsServer {
  readonly #server: Server
  readonly #handshakes = new WeakMap<object, HandshakeEvents>()
  #names: ServerNames
  #tickets: TicketKeys
  #keysChangeAt = 0

  private constructor(server: Server, read: TlsOptions) {
    this.#server = server
    this.#names = namesOf(read)
    this.#tickets = new TicketKeys(read.tickets)
    server.on('secureConnection', (socket) => this.#eventsOf(socket)?.onSecure(socket))
    server.on('tlsClientError', (error, socket) => this.#eventsOf(socket)?.onFailure(error))
  }

  /** @throws ServeError `TSGI_ERR_OPTION` where a certificate or a key is not as it should be, or there is none */
  static async make({ tls, timeouts }: Settings): Promise<TlsServer> {
    if (tls === null) throw missingCertificate()
    const read = await readTls(tls)
    let made: TlsServer | undefined
    const server = process.getBuiltinModule('node:tls').createServer({
      ...contextOptions(read),
      ALPNProtocols: ['h2', 'http/1.1'],
      requestCert: read.clientAuth !== undefined,
      rejectUnauthorized: read.clientAuth === 'require',
      handshakeTimeout: timeouts.headers > 0 ? timeouts.headers : LONGEST_HANDSHAKE,
      SNICallback: (name, done) => done(null, made?.choose(name)),
    })
    made = new TlsServer(server, read)
    return made
  }

  /** For handshakes from now on. @throws where a certificate or a key is not as it should be */
  async renew(tls: TlsOptions): Promise<void> {
    const read = await readTls(tls)
    this.#names = namesOf(read)
    this.#server.setSecureContext(contextOptions(read))
    if (read.tickets !== undefined) this.#tickets = new TicketKeys(read.tickets)
    this.#keysChangeAt = 0
  }

  choose(name: string): ReturnType<ServerNames['choose']> {
    return this.#names.choose(name)
  }

  /** Begins a handshake. One of `events` is called once, unless the socket closes before. */
  begin(socket: Duplex, events: HandshakeEvents): void {
    const now = Date.now()
    if (now >= this.#keysChangeAt) {
      this.#server.setTicketKeys(this.#tickets.keys(now))
      this.#keysChangeAt = this.#tickets.changeAt
    }
    this.#handshakes.set(socket, events)
    this.#server.emit('connection', socket as Socket)
  }

  #eventsOf(secure: TLSSocket): HandshakeEvents | undefined {
    const socket = underlying(secure)
    return socket === undefined ? undefined : this.#handshakes.get(socket)
  }
}

/** What a TLS socket was made of, which the runtime keeps to itself. This function alone knows. `undefined` once it is closed. */
function underlying(secure: TLSSocket): object | undefined {
  const { _handle: handle } = secure as unknown as { readonly _handle?: { readonly _parentWrap?: Wrapper } | null }
  const wrapper = handle?._parentWrap
  // A stream that is no socket is wrapped once more.
  return wrapper?.stream ?? wrapper
}

interface Wrapper {
  readonly stream?: object
}

const namesOf = (read: TlsOptions): ServerNames => {
  const { createSecureContext } = process.getBuiltinModule('node:tls')
  return new ServerNames(
    read.certificates.map((certificate) => [
      certificate.cert,
      createSecureContext(contextOptions({ ...read, certificates: [certificate] })),
    ]),
  )
}

function contextOptions({ certificates, ca = [], minVersion = OLDEST_TLS }: TlsOptions): SecureContextOptions {
  const [first] = certificates
  return {
    cert: first?.cert,
    key: first?.key,
    ...(ca.length > 0 ? { ca: [...ca] } : {}),
    minVersion,
    // Tickets of one server's processes are good for each other.
    sessionIdContext: 'tsgi',
  }
}
