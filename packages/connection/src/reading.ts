/** The half of a connection that receives: the parser, the body of the present request, and how much is read ahead. */
import { BodyError, type BodySource, EMPTY_INPUT, RequestInput } from '@tsgi/exchange'
import { ownCopy } from '@tsgi/exchange/body-memory'
import { RequestParser, type RequestHead } from '@tsgi/http1'
import type { Bytes, HeaderList, Input } from '@tsgi/spec'
import type { Limits, Timeouts } from '@tsgi/spec/server'
import { BodyPace } from './body-pace.ts'
import type { Clock } from './clock.ts'
import { ANSWERING, DISCARDING, EXPECTED, IDLE, type Move, MOVES, type ReadingState } from './states.ts'
import type { Writing } from './writing.ts'

/** Bytes of later requests that are read ahead while one is answered: enough to notice that the client left. */
const READ_AHEAD = 64 * 1024

/** The connection, as its reading half sees it. */
export interface ReadingOwner {
  /** The application reads a body whose client waits for `100 Continue`. */
  bodyAskedFor(): void
  /** The application has read the body to its end. */
  bodyEnded(): void
  /** The rest of the body cannot be read, nor anything after it. */
  bodyFailed(): void
}

export class Reading implements BodySource {
  /** Changed by the connection alone, which moves both halves. */
  state: ReadingState = IDLE
  readonly parser: RequestParser
  /** Of the present request; `null` where it has no body. */
  input: RequestInput | null = null
  trailers: HeaderList | null = null
  /** When the client ended its side, in the clock's milliseconds; -1 while it has not. */
  endedAt = -1
  /** The transport delivers what comes. */
  flowing = true
  readonly #owner: ReadingOwner
  readonly #writing: Writing
  readonly #clock: Clock
  /** Bytes that may still be thrown away of a body's rest. */
  #allowance = 0
  #pace: BodyPace | null = null

  constructor(owner: ReadingOwner, writing: Writing, clock: Clock, limits: Limits) {
    this.#owner = owner
    this.#writing = writing
    this.#clock = clock
    this.parser = new RequestParser(limits)
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
    this.trailers = null
    this.#pace ??= new BodyPace()
    this.#pace.restart()
    return (this.input = new RequestInput(this))
  }

  /** A part of the present request's body was not given out, and may be on its way. */
  get unread(): boolean {
    return this.input !== null && this.parser.bodyLeft !== 0
  }

  /** Begins to throw away, up to `allowance` bytes. */
  skip(allowance: number): void {
    this.#allowance = allowance
  }

  /** Throws away what is there of a body's rest. Returns the move to make: it has ended, or is longer than allowed, or broken; `null`: wait. */
  skipOn(): Move | null {
    for (;;) {
      const event = this.parser.next()
      switch (event.type) {
        case 'data':
          this.#allowance -= event.bytes.length
          if (this.#allowance < 0) return MOVES.last
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
    return this.input === null || this.#pace === null ? null : this.#pace.complaint(now, timeouts)
  }

  /** Lets the transport deliver where something takes what comes; otherwise only so far that a client's leaving is noticed. */
  adjust(): void {
    const wanted = this.parser.buffered < READ_AHEAD || this.#taken
    if (wanted === this.flowing) return
    this.flowing = wanted
    if (wanted) this.#writing.transport.resume()
    else this.#writing.transport.pause()
  }

  /** Something takes what comes. */
  get #taken(): boolean {
    if (this.#writing.state === ANSWERING) return this.input?.waiting === true
    return this.state === DISCARDING || !this.#writing.outbox.blocked
  }

  /** Lets the transport deliver, whatever comes. */
  flow(): void {
    if (!this.flowing) this.#writing.transport.resume()
    this.flowing = true
  }

  // BodySource: what an input asks for

  pull(size: number): Bytes | null | 'end' {
    if (this.state === EXPECTED) this.#owner.bodyAskedFor()
    const event = this.parser.next(size)
    switch (event.type) {
      case 'data':
        this.#pace?.received(event.bytes.length, this.#clock.now)
        // The caller's to keep; what was received is in a buffer that all connections share.
        return ownCopy(event.bytes)
      case 'end':
        this.trailers = event.trailers
        this.#pace?.received(0, this.#clock.now)
        this.#owner.bodyEnded()
        return 'end'
      case 'error':
        this.#owner.bodyFailed()
        throw new BodyError(event.status === 413 ? 413 : 400, event.message)
      default:
        return null
    }
  }

  want(): void {
    this.#pace?.want(this.#clock.now)
    this.adjust()
  }
}
