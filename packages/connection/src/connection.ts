/**
 * One connection, from socket to application and back.
 *
 *     open ──▶ lingering ──▶ closed        open: requests are read and answered, one at a time and in order
 *       │                      ▲           lingering: our side is closed; what still comes is thrown away for a while, so that
 *       ├──▶ upgraded ─────────┤                      no reset eats the last response (RFC 9112 §9.6)
 *       └──────────────────────┘           upgraded: the bytes belong to another protocol
 *
 * It asks the parser for the next request only when the last response is written, so a pipeline keeps its order, and stops
 * reading when nobody takes what comes, so a fast client costs no memory.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import {
  BodyError,
  type BodySource,
  ClientGoneError,
  EMPTY_INPUT,
  Exchange,
  makeContext,
  protocolErrorPage,
  RequestInput,
  type Services,
} from '@tsgi/exchange'
import { ownCopy } from '@tsgi/exchange/body-memory'
import { RequestParser, type RequestHead } from '@tsgi/http1'
import type { Application, Bytes, Environ, ErrorStream, HeaderList, Input, UpgradeHandler } from '@tsgi/spec'
import { BodyPace } from './body-pace.ts'
import type { Clock } from './clock.ts'
import { type ConnectionFacts, makeEnviron } from './environ.ts'
import { type CarrierOwner, Http1Carrier, type HttpExchange } from './http1-carrier.ts'
import { Outbox } from './outbox.ts'
import { headOfRefused, type Refusal } from './refused-request.ts'
import type { Settings } from './settings.ts'
import type { Transport, TransportEvents } from './transport.ts'
import { UpgradedStream } from './upgraded-stream.ts'
import { WriteProgress } from './write-progress.ts'

/** What a connection needs of the server it belongs to. */
export interface ConnectionHost {
  readonly application: Application
  readonly settings: Settings
  readonly clock: Clock
  readonly errors: ErrorStream
  /** The server is about to end: responses say `connection: close`. */
  readonly draining: boolean
  /** While it drains: how long an idle connection waits for a request, in milliseconds. */
  readonly idleGrace: number
  requestStarted(): void
  requestFinished(served: ServedRequest): void
  /** It began to linger. */
  connectionChanged(): void
  connectionClosed(connection: Connection): void
  trackCall(call: PromiseLike<unknown>): void
  trackClosing(closing: PromiseLike<unknown>): void
}

/** A request whose response is out, or lost. */
export interface ServedRequest {
  readonly exchange: HttpExchange
  /** Milliseconds of `performance.now()` at its head; 0 where no access log wants it. */
  readonly startedAt: number
  readonly remoteAddr: string | null
}

/** A connection on its way here. */
export interface AcceptedConnection {
  readonly encrypted: boolean
  connect(events: TransportEvents): Transport
}

/** Bytes of later requests that are read ahead while one is answered: enough to notice that the client left. */
const READ_AHEAD = 64 * 1024
/** How long a closed connection is still read, in milliseconds. */
const LINGER = 5_000

/** Runs a call in none of the contexts that applications make (C.6). 0.1 µs, so only where there may be one. */
const inNoContext = AsyncLocalStorage.snapshot()

type Phase = 'open' | 'lingering' | 'upgraded' | 'closed'

export class Connection implements TransportEvents, CarrierOwner, BodySource {
  readonly settings: Settings
  trailers: HeaderList | null = null
  readonly #host: ConnectionHost
  readonly #transport: Transport
  readonly #outbox: Outbox
  readonly #parser: RequestParser
  readonly #facts: ConnectionFacts
  #phase: Phase = 'open'
  readonly #carrier: Http1Carrier
  #exchange: HttpExchange | null = null
  /** Of the present request; `null` where it has no body. */
  #input: RequestInput | null = null
  #startedAt = 0
  /** Of the present request's client, as forwarding fields name it. */
  #remoteAddr: string | null = null
  /** Finished but for the bytes that the kernel has yet to take, with listeners or a log line that wait for that. */
  #leaving: ServedRequest[] | null = null
  #upgraded: UpgradedStream | null = null
  /** Of the request that was upgraded. */
  #upgradedExchange: HttpExchange | null = null
  /** The rest of a request's body is being thrown away; counts what may still come. */
  #draining = false
  #drainAllowance = 0
  #continueDue = false
  /** What runs now was started by a read alone, and by no call of the application. */
  #inOwnContext = false
  #processing = false
  #scheduled: 'none' | 'flush' | 'process' = 'none'
  #reading = true
  #peerEnded = false
  #closeWhenFlushed = false
  /** While the server drains: ends an idle connection. */
  #grace: NodeJS.Timeout | null = null
  #awaitingDrain = false
  /** The last response is complete only for a client that sees an orderly end after it. */
  #delimitedByEnd = false

  // Times in the clock's milliseconds.
  /** Idle since, or the first byte of a head, or the start of lingering. */
  #since: number
  #inHead = false
  readonly #progress: WriteProgress
  #peerEndedAt = 0
  #pace: BodyPace | null = null

  constructor(host: ConnectionHost, accepted: AcceptedConnection) {
    this.#host = host
    this.settings = host.settings
    this.#parser = new RequestParser(host.settings.limits)
    this.#since = host.clock.now
    this.#progress = new WriteProgress(this.#since)
    this.#transport = accepted.connect(this)
    this.#outbox = new Outbox(this.#transport)
    this.#carrier = new Http1Carrier(this, this.#outbox, host.settings)
    const { remoteAddress, remotePort } = this.#transport
    this.#facts = {
      remoteAddr: remoteAddress,
      remotePort,
      local: Object.freeze({ address: this.#transport.localAddress, port: this.#transport.localPort }),
      urlScheme: accepted.encrypted ? 'https' : 'http',
      trusted: host.settings.proxies?.trusts(remoteAddress) ?? false,
    }
    // A TCP peer that has reset already has no address, but what it sent may be there still: it must not pass for a unix peer.
    if (remoteAddress === null && this.#facts.local.address !== null) this.#transport.destroy(false)
    else this.#transport.resume()
    if (host.draining) this.#startGrace()
  }

  /** A request is being answered, or its answer is not out yet. */
  get busy(): boolean {
    return this.#exchange !== null || this.#leaving !== null || this.#phase === 'upgraded' || !this.#outbox.empty
  }

  /** Something of it must not be cut off: a response, or a request whose head has begun. */
  get unfinished(): boolean {
    return this.#phase === 'upgraded' || this.#phase === 'open'
  }

  /** Nothing has been received of a next request. */
  get idle(): boolean {
    return this.#phase === 'open' && !this.busy && !this.#inHead && !this.#draining
  }

  // From the transport

  onData(bytes: Buffer, length: number): void {
    switch (this.#phase) {
      case 'open':
        // Nothing after the last request is ever parsed; kept, it would only fill memory.
        if (this.#closeWhenFlushed) return
        this.#parser.receive(bytes, length)
        this.#inOwnContext = this.#transport.readsInOwnContext
        this.#process()
        return
      case 'upgraded':
        this.#upgraded?.receive(Buffer.from(bytes.subarray(0, length)))
        return
      default:
    }
  }

  onEnd(): void {
    this.#peerEnded = true
    this.#peerEndedAt = this.#progress.at = this.#host.clock.now
    switch (this.#phase) {
      case 'open':
        this.#parser.receiveEnd()
        this.#process()
        this.#exchange?.clientEnded()
        return
      case 'upgraded':
        this.#upgraded?.receiveEnd()
        return
      case 'lingering':
        this.#transport.destroy(false)
        return
      default:
    }
  }

  onDrain(): void {
    this.#outbox.blocked = false
    this.#progress.at = this.#host.clock.now
    if (this.#phase === 'upgraded') {
      this.#upgraded?.resume()
      return
    }
    this.#exchange?.resume()
    this.#process()
  }

  onClose(error: Error | undefined): void {
    if (this.#phase === 'closed') return
    this.#phase = 'closed'
    const gone = new ClientGoneError(
      error === undefined ? 'the connection was closed' : `the client left: ${error.message}`,
    )
    this.#endEverything(gone)
    this.#host.connectionClosed(this)
  }

  // Requests

  /** Answers what can be answered now. */
  #process(): void {
    if (this.#processing) return
    this.#processing = true
    try {
      while (this.#step());
    } finally {
      this.#processing = this.#inOwnContext = false
      // Whatever happened: the next read of any connection goes to the same memory.
      this.#parser.release()
    }
    this.#outboxFlush()
    this.#adjustReading()
    if (this.#host.draining) this.#startGrace()
  }

  /** `false`: nothing more can be done before something happens. */
  #step(): boolean {
    if (this.#phase !== 'open' || this.#closeWhenFlushed) return false
    if (this.#draining) return this.#drainBody()
    if (this.#exchange !== null) {
      this.#input?.wake()
      return false
    }
    if (this.#outbox.blocked) return false
    if (!this.settings.multithread && !this.#lastIsOut()) return false
    const event = this.#parser.next()
    switch (event.type) {
      case 'request':
        this.#begin(event)
        return true
      case 'need-more':
        if (!this.#inHead && !this.#parser.idle) {
          this.#inHead = true
          this.#since = this.#host.clock.now
        }
        return false
      case 'end':
        return true
      case 'error':
        this.#refuse(event)
        return false
      case 'eof':
        this.#closeAfterFlush()
        return false
      case 'data':
        return true
    }
  }

  /** E.11: where calls do not overlap, one waits until the response before it is with the kernel and its listeners were told. */
  #lastIsOut(): boolean {
    this.#outboxFlush()
    if (this.#outbox.empty && this.#transport.queued === 0) return this.#phase === 'open' && !this.#closeWhenFlushed
    this.#awaitDrained()
    return false
  }

  #begin(request: RequestHead): void {
    const host = this.#host
    const { settings } = this
    const exchange = this.#take(request)
    if (host.draining) this.#carrier.dropKeepAlive()

    let input: Input = EMPTY_INPUT
    if (request.bodyLength === 0) {
      this.#parser.next()
    } else {
      input = this.#input = new RequestInput(this)
      this.trailers = null
      this.#continueDue = request.expectContinue
      this.#pace ??= new BodyPace()
      this.#pace.restart()
    }
    if (request.path === '*') {
      exchange.answer(204, ALLOW, null)
      return
    }
    const environ = makeEnviron(
      request,
      this.#facts,
      settings,
      input,
      host.errors,
      makeContext(settings.name, exchange, servicesFor(request)),
    )
    this.#remoteAddr = environ.remoteAddr
    if (this.#inOwnContext) {
      this.#inOwnContext = false
      exchange.run(host.application, environ)
    } else {
      inNoContext(runExchange, exchange, host.application, environ)
    }
    if (this.#peerEnded) exchange.clientEnded()
  }

  /** Answers a request that broke a rule, and nothing after it. */
  #refuse(refusal: Refusal): void {
    const page = protocolErrorPage(refusal.status, refusal.message)
    const exchange = this.#take(headOfRefused(refusal))
    exchange.answer(page.status, page.headers, page.body)
  }

  /** Begins the exchange of a request. */
  #take(request: RequestHead): HttpExchange {
    const exchange = new Exchange(this.#carrier, request)
    this.#carrier.begin(request, exchange.isHead)
    this.#exchange = exchange
    this.#input = null
    this.#inHead = false
    this.#remoteAddr = this.#facts.remoteAddr
    if (this.settings.access !== null) this.#startedAt = performance.now()
    this.#host.requestStarted()
    return exchange
  }

  // CarrierOwner: what a response asks for

  get dateLine(): string {
    return this.#host.clock.dateLine
  }

  get serverDrains(): boolean {
    return this.#host.draining
  }

  flush(): void {
    this.#outboxFlush()
  }

  flushSoon(): void {
    if (!this.#processing) this.#schedule('flush')
  }

  #processSoon(): void {
    if (!this.#processing) this.#schedule('process')
  }

  /** After what runs now, so that all it gives leaves in one write. */
  #schedule(work: 'flush' | 'process'): void {
    if (this.#scheduled === 'none') process.nextTick(runScheduled, this)
    if (this.#scheduled !== 'process') this.#scheduled = work
  }

  /** Called once by the scheduler. */
  runScheduled(): void {
    const work = this.#scheduled
    this.#scheduled = 'none'
    if (this.#phase === 'closed') return
    if (work === 'flush') this.#outboxFlush()
    else this.#process()
  }

  trackCall(call: PromiseLike<unknown>): void {
    this.#host.trackCall(call)
  }

  trackClosing(closing: PromiseLike<unknown>): void {
    this.#host.trackClosing(closing)
  }

  responseDone(exchange: HttpExchange): void {
    if (this.#exchange !== exchange) return
    const carrier = this.#carrier
    const input = this.#input
    this.#delimitedByEnd = carrier.endsWithConnection
    // The body may still be on its way: thrown away when it is short, else the connection cannot be kept.
    if (input !== null && this.#parser.bodyLeft !== 0 && carrier.keepsAlive) {
      if (this.#cannotGoOn(true)) {
        carrier.dropKeepAlive()
      } else {
        this.#draining = true
        this.#drainAllowance = this.settings.limits.drainLimit
        this.#since = this.#host.clock.now
      }
    }
    input?.close()
    this.#exchange = null
    this.#leave(exchange)
    if (!carrier.keepsAlive) this.#closeWhenFlushed = true
    else if (!this.#draining) this.#since = this.#host.clock.now
    this.#processSoon()
  }

  mustClose(whole: boolean): boolean {
    return this.#host.draining || this.#cannotGoOn(whole)
  }

  #cannotGoOn(whole: boolean): boolean {
    // 9110 §10.1.1: a client that still waits for 100 may or may not send its body now; nobody can tell what comes next.
    return this.#continueDue || (whole && this.#parser.bodyLeft > this.settings.limits.drainLimit)
  }

  responseBroken(exchange: HttpExchange): void {
    if (this.#exchange !== exchange) return
    this.#exchange = null
    this.#input?.fail(new BodyError(400, 'the response broke off; the rest of the body is not read'))
    this.#outboxFlush()
    this.#leave(exchange)
    // What ends with the connection would look whole after an orderly end, so the end is none; elsewhere framing tells.
    this.#destroy('the response broke off', this.#carrier.endsWithConnection)
  }

  clientGone(exchange: HttpExchange, why: ClientGoneError): void {
    if (this.#exchange === exchange) this.#destroy(why.message)
  }

  switchProtocols(exchange: HttpExchange, run: UpgradeHandler): void {
    this.#phase = 'upgraded'
    this.#exchange = null
    this.#upgradedExchange = exchange
    const stream = new UpgradedStream(this.#transport, this.#outbox)
    this.#upgraded = stream
    const rest = this.#parser.takeRest()
    this.#outboxFlush()
    // First, since the stream may have to pause at once.
    if (!this.#reading) this.#transport.resume()
    this.#reading = true
    if (rest.length > 0) stream.receive(rest)
    if (this.#peerEnded) stream.receiveEnd()
    stream.run(run).then(
      (error) => {
        stream.abandon(new ClientGoneError('the upgraded connection is over'))
        exchange.upgradeEnded(error)
        this.#leave(exchange)
        if (this.#phase === 'upgraded') {
          this.#phase = 'open'
          // The stream may have paused it; the peer's end must be heard.
          this.#transport.resume()
          this.#closeAfterFlush()
        } else {
          this.#finishLeaving()
        }
      },
      () => {},
    )
  }

  // BodySource: what an input asks for

  pull(size: number): Bytes | null | 'end' {
    if (this.#continueDue) this.#sendContinue()
    const event = this.#parser.next(size)
    switch (event.type) {
      case 'data':
        this.#pace?.received(event.bytes.length, this.#host.clock.now)
        // The caller's to keep; what was received is in a buffer that all connections share.
        return ownCopy(event.bytes)
      case 'end':
        this.trailers = event.trailers
        this.#pace?.received(0, this.#host.clock.now)
        return 'end'
      case 'error': {
        this.#carrier.dropKeepAlive()
        throw new BodyError(event.status === 413 ? 413 : 400, event.message)
      }
      default:
        return null
    }
  }

  want(): void {
    this.#pace?.want(this.#host.clock.now)
    this.#adjustReading()
  }

  // 9110 §10.1.1: asked for, and now wanted.
  #sendContinue(): void {
    this.#continueDue = false
    if (this.#exchange?.headSent) return
    this.#outbox.text('HTTP/1.1 100 Continue\r\n\r\n')
    this.#outboxFlush()
  }

  /** Throws away the rest of a body (RFC 9112 §9.3). */
  #drainBody(): boolean {
    const event = this.#parser.next()
    switch (event.type) {
      case 'data':
        this.#drainAllowance -= event.bytes.length
        if (this.#drainAllowance >= 0) return true
        break
      case 'end':
        this.#draining = false
        this.#since = this.#host.clock.now
        return true
      case 'need-more':
        return false
      default:
        break
    }
    this.#draining = false
    this.#closeWhenFlushed = true
    return false
  }

  // Out

  #outboxFlush(): void {
    if (!this.#outbox.empty) {
      // Behind what waits already, it waits as long as that.
      if (this.#transport.queued === 0) this.#progress.at = this.#host.clock.now
      this.#outbox.flush()
    }
    if (this.#leaving !== null || this.#closeWhenFlushed) this.#awaitDrained()
  }

  #awaitDrained(): void {
    if (!this.#outbox.blocked && this.#transport.queued === 0) {
      this.#drained()
    } else if (!this.#awaitingDrain) {
      this.#awaitingDrain = true
      this.#transport.whenDrained(() => {
        this.#awaitingDrain = false
        // Another response may have begun meanwhile.
        if (this.#transport.queued === 0) this.#drained()
        else this.#awaitDrained()
      })
    }
  }

  /** All that was written is with the kernel. */
  #drained(): void {
    if (this.#phase === 'closed') return
    this.#finishLeaving()
    if (this.#host.draining) this.#startGrace()
    if (this.#closeWhenFlushed && this.#outbox.empty) this.#linger()
    // The next request may have waited for this.
    else if (!this.settings.multithread) this.#processSoon()
  }

  /** The last bytes of a response were given out; who waits for that is told once they are with the kernel. */
  #leave(exchange: HttpExchange): void {
    const served = { exchange, startedAt: this.#startedAt, remoteAddr: this.#remoteAddr }
    if (exchange.observed || this.settings.access !== null) {
      this.#leaving ??= []
      this.#leaving.push(served)
    } else {
      this.#finish(served)
    }
  }

  #finishLeaving(): void {
    const leaving = this.#leaving
    if (leaving === null) return
    this.#leaving = null
    for (const served of leaving) this.#finish(served)
  }

  #finish(served: ServedRequest): void {
    served.exchange.finished()
    this.#host.requestFinished(served)
  }

  // In

  /** Reads on where somebody takes what comes; otherwise only so far that a client's leaving is noticed. */
  #adjustReading(): void {
    const wanted =
      this.#phase === 'lingering' ||
      (this.#exchange !== null
        ? this.#input?.waiting === true || this.#parser.buffered < READ_AHEAD
        : !this.#outbox.blocked || this.#parser.buffered < READ_AHEAD)
    if (wanted === this.#reading) return
    this.#reading = wanted
    if (wanted) this.#transport.resume()
    else this.#transport.pause()
  }

  // End

  /** Closes once all is out: half-close, then linger. */
  #closeAfterFlush(): void {
    this.#closeWhenFlushed = true
    this.#outboxFlush()
  }

  #linger(): void {
    if (this.#phase === 'lingering' || this.#phase === 'closed') return
    this.#phase = 'lingering'
    this.#since = this.#host.clock.now
    this.#host.connectionChanged()
    this.#transport.end()
    if (this.#peerEnded) this.#transport.destroy(false)
    else this.#adjustReading()
  }

  /** An orderly end now would make a response look whole that is not. */
  get #endWouldLie(): boolean {
    if (this.#exchange !== null) return this.#exchange.headSent && this.#carrier.endsWithConnection
    return this.#delimitedByEnd && this.#transport.queued > 0
  }

  /** Ends at once. Everybody who waits is told why. */
  #destroy(why: string, reset: boolean = this.#endWouldLie): void {
    if (this.#phase === 'closed') return
    this.#phase = 'closed'
    this.#transport.destroy(reset)
    this.#endEverything(new ClientGoneError(why))
    this.#host.connectionClosed(this)
  }

  #endEverything(gone: ClientGoneError): void {
    this.#stopGrace()
    this.#upgraded?.abandon(gone)
    const exchange = this.#exchange
    this.#exchange = null
    if (exchange !== null) {
      exchange.abandon(gone)
      this.#input?.fail(new BodyError(400, 'the client left before the body was complete'))
      this.#leave(exchange)
    }
    for (const { exchange: left } of this.#leaving ?? []) left.lost(gone)
    this.#finishLeaving()
  }

  // From the server

  /** Called by the server's clock. */
  tick(now: number): void {
    const { timeouts } = this.settings
    if (this.#phase === 'lingering') {
      if (now - this.#since >= LINGER) this.#transport.destroy(false)
      return
    }
    const { queued } = this.#transport
    if (this.#progress.isStuck(queued, this.#outbox.handed, now, timeouts.write)) {
      this.#destroy(`the client took nothing of the response for ${timeouts.write} ms`)
      return
    }
    if (this.#phase === 'upgraded') return
    if (this.#peerEnded && timeouts.halfClose > 0 && (this.#exchange !== null || queued > 0)) {
      if (now - Math.max(this.#peerEndedAt, this.#progress.at) >= timeouts.halfClose) {
        this.#destroy(`the client half-closed and took nothing for ${timeouts.halfClose} ms`)
        return
      }
    }
    if (this.#exchange !== null) {
      if (!this.#reading) this.#transport.probe()
      this.#checkBody(now)
    } else if (this.#draining) {
      if (now - this.#since >= LINGER) {
        this.#draining = false
        this.#closeAfterFlush()
      }
    } else if (this.#inHead) {
      if (timeouts.headers > 0 && now - this.#since >= timeouts.headers) {
        const message = `the head was not complete after ${timeouts.headers} ms`
        this.#refuse({ status: 408, message, method: null, target: null })
      }
    } else if (
      timeouts.keepAlive > 0 &&
      now - Math.max(this.#since, this.#progress.at) >= timeouts.keepAlive &&
      !this.busy &&
      queued === 0
    ) {
      this.#closeAfterFlush()
    }
  }

  #checkBody(now: number): void {
    const input = this.#input
    if (input === null) return
    const complaint = this.#pace?.complaint(now, this.settings.timeouts) ?? null
    if (complaint === null) return
    this.#carrier.dropKeepAlive()
    input.fail(new BodyError(408, complaint))
  }

  /**
   * The server drains, or drains with less patience: responses say `connection: close`, an idle connection ends after its
   * grace, and applications that asked are notified.
   */
  drain(): void {
    this.#stopGrace()
    this.#startGrace()
    const exchange = this.#exchange ?? this.#upgradedExchange
    exchange?.drainBegan()
  }

  /**
   * A head without `close` promises an answer to the next request (RFC 9112 §9.3), so a connection that becomes idle
   * while the server drains gets the grace of its own that one got which was idle before.
   */
  #startGrace(): void {
    if (this.#grace !== null || this.#closeWhenFlushed || !this.idle) return
    // Its client has not received the last response yet.
    if (this.#outbox.blocked || this.#transport.queued > 0) this.#awaitDrained()
    else this.#grace = setTimeout(endGrace, this.#host.idleGrace, this)
  }

  #stopGrace(): void {
    if (this.#grace === null) return
    clearTimeout(this.#grace)
    this.#grace = null
  }

  /** Called once the grace has passed, and what was received in it has been read. */
  endIdle(): void {
    if (this.idle) this.#closeAfterFlush()
  }

  /** Ends it now. `true` when a response was cut off. */
  cutOff(): boolean {
    const cut = this.busy
    this.#destroy('the server ended the connection')
    return cut
  }
}

function runExchange(exchange: Exchange, application: Application, environ: Environ): void {
  exchange.run(application, environ)
}

function runScheduled(connection: Connection): void {
  connection.runScheduled()
}

function endGrace(connection: Connection): void {
  // Timers run before reads: on a busy process a request may have waited in the kernel since long before.
  setImmediate(() => connection.endIdle())
}

function servicesFor({ minorVersion, upgrade, bodyLength }: RequestHead): Services {
  if (minorVersion === 0) return 'basic'
  // 9110 §7.8: the request must have been read whole before another protocol begins.
  return upgrade !== null && bodyLength === 0 ? 'upgrade' : 'full'
}

// 9110 §9.3.7: about the server as a whole; which methods a resource takes only its application knows.
const ALLOW: HeaderList = Object.freeze(['allow', 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'])
