/** Notices that a Node server begins to close, of which Node has no event: `close` is emitted when all connections have ended. */
import type { Server } from 'node:net'

/** Is notified when its server begins to close. */
interface Watcher {
  drainBegan(): void
}

export class ServerDrain {
  readonly #watchers = new Set<Watcher>()
  #begun = false

  private constructor(server: Server) {
    const { close } = server
    server.close = (...args) => {
      const result = close.apply(server, args)
      // Afterwards: Node ends the connections whose response was given out, though it may not be sent yet.
      this.#begin()
      return result
    }
    server.on('listening', () => (this.#begun = false))
  }

  static readonly #known = new WeakMap<Server, ServerDrain>()

  static of(server: Server): ServerDrain {
    let drain = ServerDrain.#known.get(server)
    if (drain === undefined) {
      drain = new ServerDrain(server)
      ServerDrain.#known.set(server, drain)
    }
    return drain
  }

  get begun(): boolean {
    return this.#begun
  }

  add(watcher: Watcher): void {
    this.#watchers.add(watcher)
  }

  delete(watcher: Watcher): void {
    this.#watchers.delete(watcher)
  }

  #begin(): void {
    if (this.#begun) return
    this.#begun = true
    for (const watcher of this.#watchers) watcher.drainBegan()
  }
}

/** Of the server that accepted a connection; `null` where the host is no server of Node's. */
export function serverDrainOf(socket: { readonly server?: unknown } | null): ServerDrain | null {
  const server = socket?.server as Partial<Server> | null | undefined
  return typeof server?.close === 'function' && typeof server.on === 'function'
    ? ServerDrain.of(server as Server)
    : null
}
