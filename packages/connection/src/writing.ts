/** The half of a connection that sends: what goes out, what of it the kernel has yet to take, and which responses wait for that. */
import type { ClientGoneError } from '@tsgi/exchange'
import type { Arrival, ConnectionHost } from './connection-host.ts'
import type { HttpExchange } from './http-exchange.ts'
import { Outbox } from './outbox.ts'
import { ANSWERING, CLOSED, CLOSING, READY, type WritingState } from './states.ts'
import type { Transport } from './transport.ts'

/** A request whose response is out, or lost, as soon as the kernel has the bytes. */
interface LeavingRequest {
  readonly exchange: HttpExchange
  readonly arrival: Arrival | null
}

/** Bytes that the kernel has room for, as a rule: who only counts does not wait for them, which is a third of what counting costs. */
const TAKEN_AT_ONCE = 64 * 1024

/** The connection, as its writing half sees it. */
export interface WritingOwner {
  /** All that was written is with the kernel. */
  allTaken(): void
}

export class Writing {
  /** Changed by the connection alone, which moves both halves. */
  state: WritingState = READY
  readonly outbox: Outbox
  /** The last time that the kernel took bytes, or there were none to take, in the clock's milliseconds. */
  takenAt: number
  readonly #owner: WritingOwner
  /** The server that the connection belongs to. */
  readonly host: ConnectionHost
  /** Written, with listeners or a log line that wait until the kernel has the bytes. */
  #leaving: LeavingRequest[] | null = null
  /** The transport will call when it has nothing left. */
  #awaited = false
  /** As the clock saw the queue last, where something was in it. */
  #queue: { readonly taken: number } | null = null

  constructor(owner: WritingOwner, host: ConnectionHost, transport: Transport) {
    this.#owner = owner
    this.host = host
    this.outbox = new Outbox(transport)
    this.takenAt = host.clock.now
  }

  get transport(): Transport {
    return this.outbox.transport
  }

  /** A response was written of which not everything is out. */
  get pending(): boolean {
    return this.#leaving !== null || !this.outbox.empty
  }

  /** A client waits for a response, or for the rest of one. */
  get owing(): boolean {
    return this.state === ANSWERING || this.pending
  }

  /** The kernel has all that was written. */
  get taken(): boolean {
    return this.outbox.empty && !this.outbox.blocked && this.transport.queued === 0
  }

  /**
   * Looks at the queue: what was handed out and is no longer queued, the kernel has taken for the client. `true`: nothing of it
   * was taken for `timeout` milliseconds, however much was added; 0 waits for ever.
   */
  isStuck(queued: number, now: number, timeout: number): boolean {
    const taken = this.outbox.handed - queued
    const before = this.#queue
    const waits = queued > 0 && before !== null && taken === before.taken
    if (!waits && (queued > 0 || before !== null)) this.takenAt = now
    this.#queue = queued > 0 ? { taken } : null
    return waits && timeout > 0 && now - this.takenAt >= timeout
  }

  /** Hands what was gathered to the transport. */
  flush(): void {
    const { outbox } = this
    if (!outbox.empty) {
      // Behind what waits already, it waits as long as that.
      if (this.transport.queued === 0) this.takenAt = this.host.clock.now
      outbox.flush()
    }
    if (this.#leaving !== null || this.state === CLOSING) this.awaitTaken()
  }

  /** Calls {@link WritingOwner.allTaken} once the kernel has what was flushed: now, or later. */
  awaitTaken(): void {
    if (!this.outbox.blocked && this.transport.queued === 0) {
      this.#allTaken()
    } else if (!this.#awaited) {
      this.#awaited = true
      this.transport.whenDrained(() => {
        this.#awaited = false
        // Another response may have begun meanwhile.
        if (this.transport.queued === 0) this.#allTaken()
        else this.awaitTaken()
      })
    }
  }

  #allTaken(): void {
    if (this.state === CLOSED) return
    this.finishLeaving()
    this.#owner.allTaken()
  }

  /** The last bytes of a response were given out; who waits for that is told once they are with the kernel. */
  leave(exchange: HttpExchange, arrival: Arrival | null): void {
    const { settings, counters } = this.host
    if (exchange.observed || settings.access !== null || (counters !== null && exchange.bytesSent > TAKEN_AT_ONCE)) {
      this.#leaving ??= []
      this.#leaving.push({ exchange, arrival })
    } else {
      exchange.finished()
      this.host.requestFinished(exchange, arrival)
    }
  }

  /** What has left is finished. */
  finishLeaving(): void {
    const leaving = this.#leaving
    if (leaving === null) return
    this.#leaving = null
    for (const { exchange, arrival } of leaving) {
      exchange.finished()
      this.host.requestFinished(exchange, arrival)
    }
  }

  /** What was about to leave never will. */
  loseLeaving(gone: ClientGoneError): void {
    for (const { exchange } of this.#leaving ?? []) exchange.lost(gone)
    this.finishLeaving()
  }
}
