/** The half of a connection that receives: the parser, the body of the present request, and how much is read ahead. */
import { EMPTY_INPUT, RequestInput } from '@tsgi/exchange'
import type { RequestHead } from '@tsgi/http1'
import type { Input } from '@tsgi/spec'
import type { Timeouts } from '@tsgi/spec/server'
import { type BodyOwner, BodyReading, type ReceivingHalf } from './body-reading.ts'
import { ANSWERING, DISCARDING, IDLE, type Move, MOVES, type ReadingState } from './states.ts'
import type { RequestReader } from './wire.ts'
import type { Writing } from './writing.ts'

/** Bytes of later requests that are read ahead while one is answered: enough to notice that the client left. */
const READ_AHEAD = 64 * 1024

/** The connection, as its reading half sees it. */
export interface ReadingOwner extends BodyOwner {
  readonly writing: Writing
}

export class Reading implements ReceivingHalf {
  /** Changed by the connection alone, which moves both halves. */
  state: ReadingState = IDLE
  readonly parser: RequestReader
  /** Of the present request; `null` where it has no body. */
  input: RequestInput | null = null
  /** When the client ended its side, in the clock's milliseconds; -1 while it has not. */
  endedAt = -1
  /** The transport delivers what comes. */
  flowing = true
  readonly #owner: ReadingOwner
  #body: BodyReading | null = null

  constructor(owner: ReadingOwner, parser: RequestReader) {
    this.#owner = owner
    this.parser = parser
  }

  /** The clock's milliseconds. */
  get now(): number {
    return this.#owner.writing.host.clock.now
  }

  /** The client ended its side. */
  get ended(): boolean {
    return this.endedAt >= 0
  }

  receiveEnd(now: number): void {
    this.endedAt = now
    this.parser.receiveEnd()
  }

  /** Makes the input of a request. */
  begin({ bodyLength }: RequestHead): Input {
    if (bodyLength === 0) {
      this.parser.next()
      return EMPTY_INPUT
    }
    this.#body ??= new BodyReading(this, this.#owner)
    this.#body.restart()
    return (this.input = new RequestInput(this.#body))
  }

  /** A part of the present request's body was not given out, and may be on its way. */
  get unread(): boolean {
    return this.input !== null && this.parser.bodyLeft !== 0
  }

  /** Begins to throw away, up to `allowance` bytes. */
  skip(allowance: number): void {
    if (this.#body !== null) this.#body.allowance = allowance
  }

  /** Throws away what is there of a body's rest. Returns the move to make: it has ended, or is longer than allowed, or broken; `null`: wait. */
  skipOn(): Move | null {
    const body = this.#body
    if (body === null) return MOVES.last
    for (;;) {
      const event = this.parser.next()
      switch (event.type) {
        case 'data':
          body.allowance -= event.bytes.length
          if (body.allowance < 0) return MOVES.last
          break
        case 'end':
          return MOVES.restEnds
        case 'need-more':
          return null
        default:
          return MOVES.last
      }
    }
  }

  /** What is too slow about the body that a reader waits for; `null` while nothing is. */
  complaint(now: number, timeouts: Timeouts): string | null {
    return this.input === null || this.#body === null ? null : this.#body.pace.complaint(now, timeouts)
  }

  /** Lets the transport deliver where something takes what comes; otherwise only so far that a client's leaving is noticed. */
  adjust(): void {
    const wanted = this.parser.buffered < READ_AHEAD || this.taken
    if (wanted === this.flowing) return
    this.flowing = wanted
    if (wanted) this.#owner.writing.transport.resume()
    else this.#owner.writing.transport.pause()
  }

  /** Something takes what comes. */
  get taken(): boolean {
    if (this.#owner.writing.state === ANSWERING) return this.input?.waiting === true
    return this.state === DISCARDING || !this.#owner.writing.outbox.blocked
  }

  /** Lets the transport deliver, whatever comes. */
  flow(): void {
    if (!this.flowing) this.#owner.writing.transport.resume()
    this.flowing = true
  }
}
