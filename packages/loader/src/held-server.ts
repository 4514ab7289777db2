/**
 * A server that called `listen` while its module was loading. It waits until it is known whether it is the application, which
 * does as if it listened and is served by TSGI, or another server, which listens.
 */
import type http from 'node:http'
import type net from 'node:net'
import { describeAddress, type AskedAddress } from './listen-address.ts'

type State =
  /** `listen` was called, and nothing has happened yet. */
  | 'held'
  /** It had its `listening` event without listening: it is the application, or that is not decided yet. */
  | 'pretending'
  | 'listening'
  /** Closed before it was decided. */
  | 'closed'

export class HeldServer {
  readonly server: http.Server
  readonly asked: AskedAddress
  /** Whether a package called `listen`, such as Koa or `serve` of a fetch framework, and not the application's own code. */
  readonly byPackage: boolean
  readonly #listen: () => void
  readonly #closing: (() => void)[] = []
  #state: State = 'held'

  /** @param listen calls the real `listen` with the arguments that it was called with, but for the callback */
  constructor(
    server: http.Server,
    asked: AskedAddress,
    { callback, byPackage, listen }: { callback: unknown; byPackage: boolean; listen: () => void },
  ) {
    this.server = server
    this.asked = asked
    this.byPackage = byPackage
    this.#listen = listen
    if (typeof callback === 'function') server.once('listening', callback as () => void)
    this.#override('close', (done?: () => void) => {
      this.#closing.push(() => {
        server.emit('close')
        done?.()
      })
      if (this.#state !== 'pretending') this.ended()
      return server
    })
  }

  get isOpen(): boolean {
    return this.#state !== 'closed'
  }

  /** "on port 3000": what it asked for, or where it listens. */
  get where(): string {
    const address = this.#state === 'listening' ? this.server.address() : null
    return describeAddress(address ?? this.asked)
  }

  /** Emits `listening` before it is known what it is, for a module that waits for that. Port 0 is never taken, so there it listens. */
  unblock(): void {
    if (this.#state !== 'held') return
    if (this.asked !== null && typeof this.asked !== 'string' && this.asked.port === 0) this.listen()
    else this.pretend()
  }

  /** To the module it listens: its callback runs, `address()` is what it asked for, `close()` ends when the serving ends. */
  pretend(): void {
    if (this.#state === 'closed') return
    const { server, asked } = this
    const announced = this.#state !== 'held'
    const bound = this.#state === 'listening' ? server.address() : null
    if (this.#state === 'listening') stopListening(server)
    this.#state = 'pretending'
    this.#override('address', () => bound ?? asked)
    Object.defineProperty(server, 'listening', { configurable: true, get: () => this.#state === 'pretending' })
    if (!announced) process.nextTick(() => this.#state === 'pretending' && server.emit('listening'))
  }

  /** Listens as it asked, or fails as it would have: with an `error` event. */
  listen(): void {
    if (this.#state === 'closed' || this.#state === 'listening') return
    const closedMeanwhile = this.#state === 'pretending' && this.#closing.length > 0
    const announced = this.#state === 'pretending'
    for (const name of ['address', 'close', 'listening'] as const) Reflect.deleteProperty(this.server, name)
    if (closedMeanwhile) {
      this.ended()
      return
    }
    this.#state = 'listening'
    const { server } = this
    server.once('close', () => (this.#state = 'closed'))
    // It had its `listening` event already; a second one would be news to those who listen with `on`.
    const listeners = announced ? server.listeners('listening') : []
    if (announced) server.removeAllListeners('listening')
    this.#listen()
    if (listeners.length > 0)
      server.once('listening', () => {
        for (const listener of listeners) server.on('listening', listener as () => void)
      })
  }

  /** Those who closed it learn that it is closed. */
  ended(): void {
    this.#state = 'closed'
    for (const done of this.#closing.splice(0)) process.nextTick(done)
  }

  #override(name: 'close' | 'address', value: unknown): void {
    Object.defineProperty(this.server, name, { configurable: true, writable: true, value })
  }
}

/** Without `close`, whose event would tell the application that its server has ended. */
function stopListening(server: net.Server): void {
  const inner = server as unknown as { _handle: { close(): void } | null }
  inner._handle?.close()
  inner._handle = null
}
