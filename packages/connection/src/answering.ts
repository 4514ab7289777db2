/**
 * The requests of a connection, from their heads to the last bytes of their responses: calls the application, carries what it
 * answers, and decides whether the connection can be kept.
 */
import { BodyError, ClientGoneError, Exchange, protocolErrorPage } from '@tsgi/exchange'
import type { RequestHead } from '@tsgi/http1'
import type { Application, Environ, HeaderList, UpgradeHandler } from '@tsgi/spec'
import type { Arrival } from './connection-host.ts'
import type { CarrierOwner } from './carrier-owner.ts'
import { clientOf, type ConnectionFacts } from './environ.ts'
import type { HttpExchange } from './http-exchange.ts'
import { Reading, type ReadingOwner } from './reading.ts'
import { headOfRefused, type Refusal } from './refused-request.ts'
import { EXPECTED, type Move, MOVES } from './states.ts'
import { noContext } from './no-context.ts'
import { UpgradedStream } from './upgraded-stream.ts'
import type { MakeWire, ResponseCarrier, WireOwner } from './wire.ts'
import type { Writing } from './writing.ts'

/** The connection, as its requests see it. */
export interface AnsweringOwner {
  readonly writing: Writing
  /** Both halves move, or neither where the table has no such move. */
  move(move: Move): boolean
  /** What was gathered leaves after what runs now. */
  flushSoon(): void
  /** The next request is looked at after what runs now. */
  requestsSoon(): void
  /** Nothing more is read or answered. */
  closeInOrder(): void
  /** Ends at once. With `reset`, the client cannot take it for an orderly end. */
  destroy(why: string, reset?: boolean): void
}

/** A request that was answered with another protocol. */
interface Upgraded {
  readonly exchange: HttpExchange
  readonly stream: UpgradedStream
  /** The handler, at work. */
  call: Promise<unknown> | null
}

export class Answering implements CarrierOwner, ReadingOwner, WireOwner {
  readonly reading: Reading
  readonly writing: Writing
  readonly #owner: AnsweringOwner
  readonly facts: ConnectionFacts
  readonly #carrier: ResponseCarrier
  /** Of the present request, and `null` where none is answered. */
  #exchange: HttpExchange | null = null
  /** Of the present request, where its times are wanted. */
  #arrival: Arrival | null = null
  /** Until its handler is done or the client is gone. */
  #upgraded: Upgraded | null = null

  constructor(owner: AnsweringOwner, facts: ConnectionFacts, wire: MakeWire) {
    this.#owner = owner
    this.writing = owner.writing
    this.facts = facts
    const { reader, carrier } = wire(this)
    this.reading = new Reading(this, reader)
    this.#carrier = carrier
  }

  // From the connection

  /** @param inOwnContext what runs now is in none of the contexts that applications make */
  begin(request: RequestHead, inOwnContext: boolean): void {
    const { host } = this.#owner.writing
    const exchange = this.#take(request)
    if (host.draining) this.#carrier.dropKeepAlive()
    const input = this.reading.begin(request)
    if (request.path === '*') {
      exchange.answer(204, ALLOW, null)
      return
    }
    const environ = this.#carrier.environ(request, this.facts, input, exchange)
    if (this.#arrival !== null && (this.facts.trusted || this.#carrier.namesClient))
      this.#arrival.client = clientOf(environ)
    if (inOwnContext) {
      exchange.run(host.application, environ)
    } else {
      noContext().runInAsyncScope(runExchange, null, exchange, host.application, environ)
    }
    if (this.reading.ended) exchange.clientEnded()
  }

  /** Answers a request that broke a rule, and nothing after it. */
  refuse(refusal: Refusal): void {
    const page = protocolErrorPage(refusal.status, refusal.message)
    const exchange = this.#take(headOfRefused(refusal))
    exchange.answer(page.status, page.headers, page.body)
  }

  /** Begins the exchange of a request. */
  #take(request: RequestHead): HttpExchange {
    const exchange = new Exchange(this.#carrier, request)
    this.#carrier.begin(request)
    this.#exchange = exchange
    this.reading.input = null
    this.#owner.move(
      request.bodyLength === 0
        ? MOVES.request
        : request.expectContinue
          ? MOVES.requestThatExpects
          : MOVES.requestWithBody,
    )
    const { host } = this.writing
    this.#arrival = host.timed ? { startedAt: performance.now(), firstByteAt: 0, client: this.facts } : null
    host.requestStarted(request.method)
    return exchange
  }

  /** There is room again. */
  resume(): void {
    this.#exchange?.resume()
    this.#upgraded?.stream.resume()
  }

  clientEnded(): void {
    this.#exchange?.clientEnded()
    this.#upgraded?.stream.receiveEnd()
  }

  /** Bytes of another protocol. They are lent for the time of the call. */
  receiveForeign(bytes: Buffer, length: number): void {
    this.#upgraded?.stream.receive(bytes.subarray(0, length))
  }

  /** The server begins to stop (U.8). */
  drainBegan(): void {
    const exchange = this.#exchange ?? this.#upgraded?.exchange
    exchange?.drainBegan()
  }

  /** The body comes too slowly: a read of it fails, and the connection is not kept. */
  failBody(why: string): void {
    this.#carrier.dropKeepAlive()
    this.reading.input?.fail(new BodyError(408, why))
  }

  /** The client is gone. */
  abandon(gone: ClientGoneError): void {
    this.#abandonUpgraded(gone)
    const exchange = this.#exchange
    this.#exchange = null
    if (exchange !== null) {
      exchange.abandon(gone)
      this.reading.input?.fail(new BodyError(400, 'the client left before the body was complete'))
      this.#leave(exchange)
    }
    this.writing.loseLeaving(gone)
  }

  #abandonUpgraded(gone: ClientGoneError): void {
    const upgraded = this.#upgraded
    if (upgraded === null) return
    this.#upgraded = null
    const { exchange, stream, call } = upgraded
    if (call !== null) this.writing.host.trackCall(call)
    exchange.upgradeEnded(gone)
    stream.abandon(gone)
    this.#leave(exchange)
  }

  /** Only an orderly end tells the client that its response is whole, and not all of it is out: such an end would lie. */
  get endWouldLie(): boolean {
    return this.#carrier.endsWithConnection && (this.#exchange !== null || !this.writing.taken)
  }

  // WireOwner

  leaveConnection(why: string): void {
    this.#owner.destroy(why, false)
  }

  // ReadingOwner

  // 9110 §10.1.1: asked for, and now wanted.
  bodyAskedFor(): void {
    this.#owner.move(MOVES.continues)
    if (this.#exchange?.headSent) return
    this.writing.outbox.text('HTTP/1.1 100 Continue\r\n\r\n')
    this.writing.flush()
  }

  bodyEnded(): void {
    this.#owner.move(MOVES.bodyEnds)
  }

  bodyFailed(): void {
    this.#carrier.dropKeepAlive()
  }

  // CarrierOwner: what a response asks for

  flushSoon(): void {
    this.#owner.flushSoon()
  }

  mustClose(whole: boolean): boolean {
    return this.writing.host.draining || this.#cannotGoOn(whole)
  }

  #cannotGoOn(whole: boolean): boolean {
    const { state, parser } = this.reading
    // 9110 §10.1.1: a client that still waits for 100 may or may not send its body now; what follows is not known.
    return state === EXPECTED || (whole && parser.bodyLeft > this.writing.host.settings.limits.drainLimit)
  }

  firstByteLeaves(): void {
    if (this.#arrival !== null) this.#arrival.firstByteAt = performance.now()
  }

  responseDone(exchange: HttpExchange): void {
    if (this.#exchange !== exchange) return
    const carrier = this.#carrier
    const reading = this.reading
    // The body may still be on its way: thrown away when it is short, else the connection cannot be kept.
    const { unread } = reading
    if (unread && this.#cannotGoOn(true)) carrier.dropKeepAlive()
    reading.input?.close()
    this.#exchange = null
    if (!carrier.keepAlive) {
      this.#owner.move(MOVES.last)
    } else if (unread) {
      this.#owner.move(MOVES.answeredEarly)
      reading.skip(this.writing.host.settings.limits.drainLimit)
    } else {
      this.#owner.move(MOVES.answered)
    }
    this.#leave(exchange)
    this.#owner.requestsSoon()
  }

  responseBroken(exchange: HttpExchange): void {
    if (this.#exchange !== exchange) return
    this.#exchange = null
    this.reading.input?.fail(new BodyError(400, 'the response broke off; the rest of the body is not read'))
    this.writing.flush()
    this.#leave(exchange)
    // What ends with the connection would look whole after an orderly end, so there is none; elsewhere framing tells.
    this.#owner.destroy('the response broke off', this.#carrier.endsWithConnection)
  }

  clientGone(exchange: HttpExchange, why: ClientGoneError): void {
    if (this.#exchange === exchange) this.#owner.destroy(why.message)
  }

  switchProtocols(exchange: HttpExchange, run: UpgradeHandler): void {
    const reading = this.reading
    this.#owner.move(MOVES.upgrade)
    this.#exchange = null
    const stream = new UpgradedStream(this.writing.transport, this.writing.outbox, this.#owner)
    const upgraded: Upgraded = { exchange, stream, call: null }
    this.#upgraded = upgraded
    const rest = reading.parser.takeRest()
    this.writing.flush()
    // First, since the stream may have to pause at once.
    reading.flow()
    if (rest.length > 0) stream.receive(rest)
    if (reading.ended) stream.receiveEnd()
    upgraded.call = stream.run(run)
    upgraded.call.then(
      (error) => {
        exchange.upgradeEnded(error)
        // The client left before, or before it began.
        if (this.#upgraded !== upgraded) return
        this.#upgraded = null
        stream.abandon(new ClientGoneError('the upgraded connection is over'))
        this.#leave(exchange)
        if (error !== undefined) {
          // U.6; what was written before is still sent.
          this.writing.flush()
          this.#owner.destroy('the upgraded connection failed', false)
          return
        }
        // The stream may have paused it; the peer's end must be heard.
        this.writing.transport.resume()
        this.#owner.closeInOrder()
      },
      () => {},
    )
  }

  #leave(exchange: HttpExchange): void {
    this.writing.leave(exchange, this.#arrival)
  }
}

function runExchange(exchange: Exchange, application: Application, environ: Environ): void {
  exchange.run(application, environ)
}

// 9110 §9.3.7: about the server as a whole; which methods a resource takes only its application knows.
const ALLOW: HeaderList = Object.freeze(['allow', 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'])
