/**
 * One connection, from socket to application and back: couples what is read with what is written, by the table in `states.ts`.
 *
 * It asks the parser for the next request only when the last response is written, so a pipeline keeps its order, and stops
 * reading when nothing takes what comes, so a fast client costs no memory.
 */
import { ClientGoneError } from '@tsgi/exchange'
import { Answering, type AnsweringOwner } from './answering.ts'
import type { AcceptedConnection, ConnectionHost, HostedConnection } from './connection-host.ts'
import { missedDeadline } from './deadlines.ts'
import { connectionFacts, hasLostPeer } from './environ.ts'
import { http1 } from './http1-wire.ts'
import { speaksHttp2 } from './http2-beginning.ts'
import { CONTEXTS_ARE_FRAMES } from './no-context.ts'
import type { Reading } from './reading.ts'
import {
  ANSWERING,
  CLOSED,
  CLOSING,
  DISCARDING,
  FOREIGN,
  HEAD,
  IDLE,
  LINGERING,
  type Move,
  MOVES,
  READY,
  type ReadingState,
  REST,
  UPGRADED,
  type WritingState,
} from './states.ts'
import type { TransportEvents } from './transport.ts'
import { ANSWERS, ANSWERS_A_READ, FLUSH_DUE, NOTHING_DUE, REQUESTS_DUE, type Turn } from './turn.ts'
import { speaksTls } from './tls-client.ts'
import type { MakeWire } from './wire.ts'
import { Writing, type WritingOwner } from './writing.ts'

export class Connection implements HostedConnection, TransportEvents, AnsweringOwner, WritingOwner {
  readonly writing: Writing
  readonly #answering: Answering
  /** When the present states began, in the clock's milliseconds. */
  #since: number
  #turn: Turn = NOTHING_DUE
  /** While the server drains: ends an idle connection. */
  #grace: NodeJS.Timeout | null = null

  constructor(host: ConnectionHost, accepted: AcceptedConnection, wire: MakeWire = http1) {
    this.#since = host.clock.now
    const transport = accepted.connect(this)
    const facts = connectionFacts(transport, accepted.encrypted, accepted.tls, host.settings)
    this.writing = new Writing(this, host, transport)
    this.#answering = new Answering(this, facts, wire)
    if (hasLostPeer(facts.remoteAddr, facts.local.address)) transport.destroy(false)
    else transport.resume()
    if (host.draining) this.#startGrace()
  }

  get reading(): Reading {
    return this.#answering.reading
  }

  /** A request is being answered, or its answer is not out yet. */
  get busy(): boolean {
    const { state, pending } = this.writing
    return state === ANSWERING || state === UPGRADED || pending
  }

  /** Something of it must not be cut off: a response, or a request whose head has begun. */
  get unfinished(): boolean {
    const { state } = this.writing
    return state !== LINGERING && state !== CLOSED
  }

  /** Nothing has been received of a next request. */
  get idle(): boolean {
    return this.reading.state === IDLE && !this.writing.pending
  }

  /** For tests, which follow it. */
  get states(): { readonly reading: ReadingState; readonly writing: WritingState } {
    return { reading: this.reading.state, writing: this.writing.state }
  }

  move(move: Move): boolean {
    const reading = this.reading
    const writing = this.writing
    if ((reading.state & move.fromReading) === 0 || (writing.state & move.fromWriting) === 0) return false
    reading.state = move.reading
    writing.state = move.writing
    this.#since = this.writing.host.clock.now
    return true
  }

  // From the transport

  onData(bytes: Buffer, length: number): void {
    switch (this.reading.state) {
      case DISCARDING:
        return
      case FOREIGN:
        this.#answering.receiveForeign(bytes, length)
        return
      default:
        this.reading.parser.receive(bytes, length)
        this.#process(CONTEXTS_ARE_FRAMES && this.writing.transport.readsInOwnContext ? ANSWERS_A_READ : ANSWERS)
    }
  }

  onEnd(): void {
    const { now } = this.writing.host.clock
    this.reading.receiveEnd(now)
    this.writing.takenAt = now
    if (this.writing.state === LINGERING) {
      this.writing.transport.destroy(false)
    } else {
      this.#process(ANSWERS)
      this.#answering.clientEnded()
    }
  }

  onDrain(): void {
    this.writing.outbox.blocked = false
    this.writing.takenAt = this.writing.host.clock.now
    this.#answering.resume()
    this.#process(ANSWERS)
  }

  onClose(error: Error | undefined): void {
    this.#gone(error === undefined ? 'the connection was closed' : `the client left: ${error.message}`)
  }

  // Requests

  /** Answers what can be answered now. */
  #process(turn: typeof ANSWERS | typeof ANSWERS_A_READ): void {
    if (this.#turn >= ANSWERS) return
    // This does what else was due.
    this.#turn = turn
    try {
      while (this.#step());
    } finally {
      this.#turn = NOTHING_DUE
      // Whatever happened: the next read of any connection goes to the same memory.
      this.reading.parser.release()
    }
    this.writing.flush()
    this.reading.adjust()
    if (this.writing.host.draining) this.#startGrace()
  }

  /** `false`: nothing more can be done before something happens. */
  #step(): boolean {
    switch (this.reading.state) {
      case IDLE:
      case HEAD:
        return this.#nextRequest()
      case REST: {
        const move = this.reading.skipOn()
        return move !== null && this.move(move)
      }
      case DISCARDING:
      case FOREIGN:
        return false
      default:
        this.reading.input?.wake()
        return false
    }
  }

  #nextRequest(): boolean {
    const reading = this.reading
    if (this.writing.outbox.blocked) return false
    if (!this.writing.host.settings.multithread && !this.#lastIsOut()) return false
    const event = reading.parser.next()
    switch (event.type) {
      case 'request':
        this.#answering.begin(event, this.#turn === ANSWERS_A_READ)
        this.#turn = ANSWERS
        return true
      case 'need-more':
        if (!reading.parser.idle) this.move(MOVES.headBegins)
        return false
      case 'error':
        if (event.status === 505 && speaksHttp2(this, this.writing, reading.parser, this.#answering.facts)) {
          this.move(MOVES.gone)
        } else if (event.status === 400 && speaksTls(this.writing, reading.parser)) {
          this.destroy('the client speaks TLS')
        } else {
          this.#answering.refuse(event)
        }
        return false
      case 'eof':
        this.closeInOrder()
        return false
      // The end of a body that was read to its last byte.
      case 'end':
      case 'data':
        return true
    }
  }

  /** E.11: where calls do not overlap, one waits until the response before it is with the kernel and its listeners were told. */
  #lastIsOut(): boolean {
    const writing = this.writing
    writing.flush()
    if (writing.taken) return writing.state === READY
    writing.awaitTaken()
    return false
  }

  // AnsweringOwner

  flushSoon(): void {
    this.#schedule(FLUSH_DUE)
  }

  requestsSoon(): void {
    this.#schedule(REQUESTS_DUE)
  }

  #schedule(work: typeof FLUSH_DUE | typeof REQUESTS_DUE): void {
    if (this.#turn >= work) return
    if (this.#turn === NOTHING_DUE) process.nextTick(runScheduled, this)
    this.#turn = work
  }

  /** Called once for each time that something became due. */
  runScheduled(): void {
    const due = this.#turn
    this.#turn = NOTHING_DUE
    if (this.writing.state === CLOSED) return
    if (due === FLUSH_DUE) this.writing.flush()
    else if (due === REQUESTS_DUE) this.#process(ANSWERS)
  }

  // WritingOwner

  allTaken(): void {
    if (this.writing.host.draining) this.#startGrace()
    if (this.writing.state === CLOSING) {
      if (this.writing.outbox.empty) this.#linger()
    } else if (!this.writing.host.settings.multithread) {
      // The next request may have waited for this.
      this.requestsSoon()
    }
  }

  // End

  /** Nothing more is read or answered: half-closes once all is out, then lingers. */
  closeInOrder(): void {
    this.move(MOVES.last)
    this.writing.flush()
  }

  #linger(): void {
    if (!this.move(MOVES.lingers)) return
    this.writing.host.connectionChanged()
    this.writing.transport.end()
    if (this.reading.ended) this.writing.transport.destroy(false)
    else this.reading.adjust()
  }

  /** Ends at once. Notifies everything that waits, with the reason. */
  destroy(why: string, reset: boolean = this.#answering.endWouldLie): void {
    if (this.writing.state === CLOSED) return
    this.writing.transport.destroy(reset)
    this.#gone(why)
  }

  #gone(why: string): void {
    const { owing } = this.writing
    if (!this.move(MOVES.gone)) return
    this.#stopGrace()
    this.#answering.abandon(new ClientGoneError(why))
    this.writing.host.connectionClosed(this, owing)
  }

  // From the server

  /** Called by the server's clock. */
  tick(now: number): void {
    const reading = this.reading
    const writing = this.writing
    // It says so to a reader that takes nothing only when asked.
    if (writing.state === ANSWERING && !reading.flowing) this.writing.transport.probe()
    const { queued } = this.writing.transport
    const missed = missedDeadline(now, this.#since, reading, writing, queued, this.writing.host.settings.timeouts)
    switch (missed?.kind) {
      case undefined:
        return
      case 'leave':
        this.writing.transport.destroy(false)
        return
      case 'destroy':
        this.destroy(missed.why)
        return
      case 'close':
        this.closeInOrder()
        return
      case 'refuse':
        this.#answering.refuse({ status: 408, message: missed.why, method: null, target: null })
        return
      case 'fail body':
        this.#answering.failBody(missed.why)
    }
  }

  /**
   * The server drains, or drains with less patience: responses say `connection: close`, an idle connection ends after its
   * grace, and applications that asked are notified.
   */
  drain(): void {
    this.#stopGrace()
    this.#startGrace()
    this.#answering.drainBegan()
  }

  /**
   * A head without `close` promises an answer to the next request (RFC 9112 §9.3), so a connection that becomes idle
   * while the server drains gets the grace of its own that one got which was idle before.
   */
  #startGrace(): void {
    if (this.#grace !== null || !this.idle) return
    // Its client has not received the last response yet.
    if (this.writing.taken) this.#grace = setTimeout(endGrace, this.writing.host.idleGrace, this)
    else this.writing.awaitTaken()
  }

  #stopGrace(): void {
    if (this.#grace === null) return
    clearTimeout(this.#grace)
    this.#grace = null
  }

  /** Called once the grace has passed, and what was received in it has been read. */
  endIdle(): void {
    if (this.idle) this.closeInOrder()
  }

  /** Ends it now. Returns how many responses were cut off. */
  cutOff(): number {
    const cut = this.busy ? 1 : 0
    this.destroy('the server ended the connection')
    return cut
  }
}

function runScheduled(connection: Connection): void {
  connection.runScheduled()
}

function endGrace(connection: Connection): void {
  // Timers run before reads: on a busy process a request may have waited in the kernel since long before.
  setImmediate(() => connection.endIdle())
}
