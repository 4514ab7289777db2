/** One HTTP/2 connection: its streams, what they may cost, its deadlines, and its end (RFC 9113). */
import type { ServerHttp2Session, ServerHttp2Stream } from 'node:http2'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { protocolErrorPage } from '@tsgi/exchange'
import type { ConnectionHost, HostedConnection, Arrival } from './connection-host.ts'
import { clientOf, type ConnectionFacts, makeEnviron } from './environ.ts'
import { ENHANCE_YOUR_CALM, REFUSED_STREAM } from './http2-errors.ts'
import { MAX_STREAMS, sessionOptions } from './http2-limits.ts'
import { http2HeadOfRefused, type Http2Request, readHttp2Request } from './http2-request.ts'
import { Http2Stream } from './http2-stream.ts'
import { noContext } from './no-context.ts'
import { RateLimit } from './rate-limit.ts'
import type { Refusal } from './refused-request.ts'

/** RFC 9113 §6.2. */
const END_STREAM = 1

/** How long a client may take to close its side once all is answered, in milliseconds. */
const LINGER = 5_000
/** Control frames a second (SETTINGS and PING together), and requests that were reset before they were answered. */
const MOST_CONTROL_FRAMES = 100
const MOST_RESETS = 100

export class Http2Connection implements HostedConnection {
  readonly #host: ConnectionHost
  readonly #facts: ConnectionFacts
  readonly #socket: Duplex
  readonly #session: ServerHttp2Session
  readonly #streams = new Set<Http2Stream>()
  /** Where calls do not overlap: requests that wait for the one before. */
  readonly #waiting: (() => void)[] = []
  readonly #controlFrames: RateLimit
  readonly #resets: RateLimit
  /** No stream is open since then, in the clock's milliseconds. */
  #idleSince: number
  #closingSince = -1
  #closed = false
  /** While the server drains: ends an idle connection. */
  #grace: NodeJS.Timeout | null = null

  /** @param socket of which nothing was read, or what was read is in front again */
  constructor(host: ConnectionHost, socket: Duplex, facts: ConnectionFacts) {
    this.#host = host
    this.#facts = facts
    this.#socket = socket
    this.#idleSince = host.clock.now
    this.#controlFrames = new RateLimit(MOST_CONTROL_FRAMES, host.clock)
    this.#resets = new RateLimit(MOST_RESETS, host.clock)
    const { performServerHandshake } = process.getBuiltinModule('node:http2')
    const session = performServerHandshake(socket as Socket, sessionOptions(host.settings.limits))
    this.#session = session
    session.on('stream', (stream, _fields, flags, raw) => this.#begin(stream, flags, raw))
    session.on('remoteSettings', () => this.#countControlFrame())
    session.on('ping', () => this.#countControlFrame())
    session.on('error', (error: Error) => host.settings.log('debug', `HTTP/2 connection: ${error.message}`))
    session.on('close', () => this.#gone())
    socket.on('error', () => {})
    socket.on('end', () => this.#clientEnded())
    if (host.draining) this.drain()
  }

  /** Also one whose client may still send a request that will be answered. */
  get unfinished(): boolean {
    return !this.#closed && (this.#streams.size > 0 || this.#closingSince < 0)
  }

  get idle(): boolean {
    return this.#streams.size === 0
  }

  #begin(stream: ServerHttp2Stream, flags: number, raw: readonly string[]): void {
    // What it fails with is known by its end; without a listener it would end the process.
    stream.on('error', () => {})
    const { limits, multithread } = this.#host.settings
    const request = readHttp2Request(raw, (flags & END_STREAM) !== 0, limits)
    // Announces a number that has this request in it.
    if (this.#host.draining) this.#close()
    if (multithread || this.#streams.size === 0) {
      noContext().runInAsyncScope(() => this.#answer(stream, request))
      return
    }
    // E.11. One more than a client may open at once waits only where it has not received our settings yet.
    if (this.#waiting.length >= MAX_STREAMS) {
      stream.close(REFUSED_STREAM)
      return
    }
    this.#waiting.push(() => this.#answer(stream, request))
  }

  #answer(stream: ServerHttp2Stream, request: Http2Request | Refusal): void {
    const host = this.#host
    if (stream.destroyed) return this.#next()
    const refusal = 'message' in request ? request : null
    const head = 'message' in request ? http2HeadOfRefused(request) : request
    const arrival: Arrival | null = host.timed
      ? { startedAt: performance.now(), firstByteAt: 0, client: this.#facts }
      : null
    const served = new Http2Stream(host, stream, head, () => {
      this.#streams.delete(served)
      if (this.#streams.size === 0) this.#idleSince = host.clock.now
      const { exchange } = served
      if (!exchange.whole && this.#resets.exceeded()) this.#calmDown('requests that were reset')
      if (arrival !== null) arrival.firstByteAt = served.firstByteAt
      host.requestFinished(exchange, arrival)
      this.#next()
    })
    this.#streams.add(served)
    host.requestStarted(head.method)
    const { exchange, input } = served
    if (refusal !== null) {
      const page = protocolErrorPage(refusal.status, refusal.message)
      exchange.answer(page.status, page.headers, page.body)
    } else if (head.path === '*') {
      exchange.answer(204, ALLOW, null)
    } else {
      const environ = makeEnviron(head, 'HTTP/2', 'full', this.#facts, host, input, exchange)
      if (arrival !== null && this.#facts.trusted) arrival.client = clientOf(environ)
      exchange.run(host.application, environ)
    }
  }

  /** The next request may begin. */
  #next(): void {
    if (this.#streams.size > 0) return
    const begin = this.#waiting.shift()
    if (begin !== undefined) noContext().runInAsyncScope(begin)
  }

  #countControlFrame(): void {
    if (this.#controlFrames.exceeded()) this.#calmDown('control frames')
  }

  /** The client works the server harder than any client needs to (RFC 9113 §10.5). */
  #calmDown(what: string): void {
    if (this.#closed || this.#session.destroyed) return
    this.#host.settings.log('debug', `HTTP/2 connection closed: more ${what} in a second than a client needs`)
    this.#session.destroy(new Error(`too many ${what}`), ENHANCE_YOUR_CALM)
  }

  /** It sends nothing more, and may still wait for its responses (G.4). */
  #clientEnded(): void {
    for (const stream of this.#streams) stream.exchange.clientEnded()
    this.#close()
  }

  /**
   * Takes no more requests: those that the client opened are answered, and a higher number than the GOAWAY says was not begun
   * (RFC 9113 §6.8).
   */
  #close(): void {
    this.#stopGrace()
    if (this.#closingSince >= 0 || this.#closed) return
    this.#closingSince = this.#host.clock.now
    if (!this.#session.destroyed) this.#session.close()
    this.#host.connectionChanged()
  }

  #stopGrace(): void {
    if (this.#grace !== null) clearTimeout(this.#grace)
    this.#grace = null
  }

  #gone(): void {
    if (this.#closed) return
    this.#closed = true
    this.#stopGrace()
    this.#waiting.length = 0
    this.#host.connectionClosed(this, this.#streams.size > 0)
  }

  // From the server

  tick(now: number): void {
    let stuck = false
    for (const stream of this.#streams) if (stream.tick(now)) stuck = true
    if (stuck) return this.#end()
    if (this.#streams.size > 0) return
    const { keepAlive } = this.#host.settings.timeouts
    if (this.#closingSince >= 0) {
      if (now - Math.max(this.#closingSince, this.#idleSince) >= LINGER) this.#socket.destroy()
    } else if (keepAlive > 0 && now - this.#idleSince >= keepAlive) {
      this.#close()
    }
  }

  /** An idle connection waits for a request that may be on its way, as one of HTTP/1.1 does. */
  drain(): void {
    for (const { exchange } of this.#streams) exchange.drainBegan()
    if (this.#streams.size > 0) return this.#close()
    this.#stopGrace()
    this.#grace = setTimeout(() => this.#close(), this.#host.idleGrace)
  }

  cutOff(): number {
    const cut = this.#streams.size
    for (const stream of this.#streams) stream.reset('the server ended the connection')
    this.#end()
    return cut
  }

  /** At once, whatever is on its way. */
  #end(): void {
    this.#session.destroy()
    this.#socket.destroy()
  }
}

// 9110 §9.3.7: about the server as a whole; which methods a resource takes only its application knows.
const ALLOW = Object.freeze(['allow', 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'])
