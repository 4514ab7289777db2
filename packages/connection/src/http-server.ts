/**
 * All connections of a process: accepts them, counts them, keeps their time, and lets them finish. What listens is
 * the caller's: one process with its own listener, a worker with an inherited one, a process for one connection.
 */
import type { Server } from 'node:net'
import { ServerCounters } from '@tsgi/metrics/counting'
import type { Application, ErrorStream } from '@tsgi/spec'
import {
  type CloseResult,
  type ListenTarget,
  type Metric,
  type ServeOptions,
  type ServerStats,
  timerDelay,
  type TlsOptions,
} from '@tsgi/spec/server'
import { Clock, monotonic } from './clock.ts'
import type { Arrival, ConnectionHost, HostedConnection, ServedExchange, ServedRequest } from './connection-host.ts'
import { descriptorLimit } from './descriptor-limit.ts'
import type { Protocol } from './protocol.ts'
import { isProbe, readiness, withProbes } from './probes.ts'
import { HTTP, loadProtocol } from './protocols.ts'
import { type ProcessFacts, resolveSettings, type Settings } from './settings.ts'
import { type Accepted, onAccepted } from './socket-transport.ts'
import { UnfinishedCalls } from './unfinished-calls.ts'

export interface DrainOptions {
  /** Milliseconds for responses in flight, and for calls of the application whose client has left. Default: `timeouts.graceful`. */
  readonly graceful?: number | undefined
  /** Milliseconds that an idle connection waits for one more request, since it became idle or the drain began. Default: 500. */
  readonly idleGrace?: number | undefined
}

const IDLE_GRACE = 500
/** How long a client may take to close its side once all is answered, in milliseconds. */
const LINGER_GRACE = 1_000
/** How long bodies may take to close once all is answered: one that waits for what never comes must not hold up the end. */
const CLOSING_GRACE = 2_000
/** Descriptors that are not for connections: files, databases, the log. */
const SPARE_DESCRIPTORS = 64
/** Of those, how many refused connections may have while their clients read why. Beyond, the runtime would soon drop some unanswered. */
const MOST_REFUSED = 16
/** Accepted over the cap. */
interface Parked {
  readonly accepted: Accepted
  readonly protocol: Protocol
}

export class HttpServer implements ConnectionHost {
  readonly application: Application
  readonly settings: Settings
  readonly clock: Clock
  readonly errors: ErrorStream
  readonly counters: ServerCounters | null
  readonly timed: boolean
  draining = false
  /** It will be closed soon, or is being closed. */
  #stopping = false
  readonly #inner: Application
  idleGrace: number = Infinity
  readonly #connections = new Set<HostedConnection>()
  readonly #protocols = new Map<ListenTarget, Protocol>()
  /** Accepted over the cap: left unread until there is room, which is what a queue is to the client. */
  readonly #parked: Parked[] = []
  readonly #maxConnections: number
  /** How many may be parked. */
  readonly #mayWait: number
  readonly #calls = new UnfinishedCalls(() => this.#wake())
  readonly #closings = new Set<PromiseLike<unknown>>()
  #full = false
  /** Refused, and not gone yet. */
  #refused = 0
  #active = 0
  #requests = 0
  #accepted = 0
  #draining: Promise<CloseResult> | null = null
  #cutOffNow: (() => void) | null = null
  /** Shared by all that wait for the next change. */
  #changed: PromiseWithResolvers<void> | null = null

  constructor(application: Application, options: ServeOptions, facts: ProcessFacts) {
    this.settings = resolveSettings(options, facts)
    this.#inner = application
    this.application = withProbes(application, this.settings, () => this.ready())
    const { limits, timeouts, log } = this.settings
    this.counters = this.settings.metrics ? new ServerCounters() : null
    this.timed = this.settings.access !== null || this.counters !== null
    // One connection needs no limit, and a process that serves one has no time to ask.
    const descriptors = facts.runOnce ? Infinity : Math.max(1, descriptorLimit() - SPARE_DESCRIPTORS)
    this.#maxConnections = Math.min(limits.maxConnections, descriptors)
    this.#mayWait = this.settings.overload === 'queue' ? descriptors - this.#maxConnections : 0
    const { minBodyRate: _rate, graceful: _graceful, ...durations } = timeouts
    const shortest = Math.min(...Object.values(durations).filter((duration) => duration > 0))
    this.clock = new Clock(shortest, (now) => this.#tick(now))
    this.errors = {
      write: (text) => log('error', text.trimEnd()),
      flush: () => {},
    }
  }

  /**
   * Loads what the targets need beyond plain HTTP. Call it before anything listens on them.
   *
   * @throws ServeError `TSGI_ERR_OPTION` where one cannot be served as it asks
   */
  async prepare(targets: readonly ListenTarget[]): Promise<void> {
    for (const target of targets) this.#protocols.set(target, await loadProtocol(target, this.settings))
  }

  /**
   * Other certificates, for connections from now on.
   *
   * @throws ServeError `TSGI_ERR_OPTION` where they are not as they should be; then all stays as it was
   */
  async renewTls(tls: TlsOptions): Promise<void> {
    for (const protocol of this.#protocols.values()) await protocol.renew?.(tls)
  }

  /**
   * Takes what `listener` accepts, which was made with `ACCEPT_OPTIONS` and listens already.
   *
   * @param target one that {@link prepare} was given; absent, plain HTTP is spoken
   */
  attach(listener: Server, target?: ListenTarget): void {
    // Such as ENFILE or ENOMEM: the listener goes on, and without a listener for it the process would not.
    listener.on('error', (error) => this.settings.log('error', 'a connection could not be accepted', { error }))
    const protocol = this.#protocolOf(target)
    onAccepted(listener, (accepted) => this.#accept(accepted, protocol))
  }

  /** Takes one connection over. `target` is that of its listener, as with {@link attach}. */
  accept(accepted: Accepted, target?: ListenTarget): void {
    this.#accept(accepted, this.#protocolOf(target))
  }

  #protocolOf(target: ListenTarget | undefined): Protocol {
    const protocol = target === undefined ? HTTP : this.#protocols.get(target)
    if (protocol === undefined) throw new TypeError('expected a target that prepare() was given')
    return protocol
  }

  #accept(accepted: Accepted, protocol: Protocol): void {
    this.#accepted++
    if (this.#connections.size < this.#maxConnections) {
      this.#open(accepted, protocol)
      return
    }
    this.#sayFull()
    if (this.#parked.length < this.#mayWait && !this.draining) this.#parked.push({ accepted, protocol })
    else this.#refuse(accepted, protocol)
  }

  stats(): ServerStats {
    return {
      connections: this.#connections.size,
      active: this.#active,
      requests: this.#requests,
      accepted: this.#accepted,
    }
  }

  /** Whether requests should be sent here. A worker that is replaced is as ready as the one in its place. */
  async ready(): Promise<boolean> {
    return !this.#stopping && (await readiness(this.#inner, this.settings.log))
  }

  /** From now on it is not ready; it serves on. */
  announceStop(): void {
    this.#stopping = true
  }

  /** What was counted; nothing where it was not asked for. */
  metrics(): readonly Metric[] {
    let idle = 0
    for (const connection of this.#connections) if (connection.idle) idle++
    const { size: open } = this.#connections
    return this.counters?.metrics({ open, idle, waiting: this.#parked.length, accepted: this.#accepted }) ?? []
  }

  /**
   * Lets what is in flight finish: responses say `connection: close`, idle connections end. Nothing should be accepted any
   * more. A second call can only hurry the first.
   */
  drain(options: DrainOptions = {}): Promise<CloseResult> {
    const graceful = options.graceful ?? this.settings.timeouts.graceful
    this.idleGrace = Math.min(this.idleGrace, graceful, options.idleGrace ?? IDLE_GRACE)
    if (this.#draining === null) this.#draining = this.#drain(graceful)
    else if (graceful === 0) this.#cutOffNow?.()
    for (const connection of this.#connections) connection.drain()
    return this.#draining
  }

  async #drain(graceful: number): Promise<CloseResult> {
    this.draining = true
    for (const { accepted, protocol } of this.#parked.splice(0)) this.#refuse(accepted, protocol)
    const cutOff = Promise.withResolvers<'cut off'>()
    this.#cutOffNow = () => cutOff.resolve('cut off')
    const limit = setTimeout(this.#cutOffNow, timerDelay(graceful))
    const outcome = await Promise.race([cutOff.promise, this.#allAnswered()])
    clearTimeout(limit)
    let count = 0
    if (outcome === 'cut off') {
      const calls = this.#calls.count
      if (calls > 0) this.#sayUnfinished(calls)
      for (const connection of this.#connections) count += connection.cutOff()
    } else {
      // "At once", from the start or by a second call, leaves clients no time to close their side.
      let atOnce = graceful === 0
      void cutOff.promise.then(() => {
        atOnce = true
        this.#wake()
      })
      await this.#settled(() => atOnce || this.#connections.size === 0, LINGER_GRACE)
    }
    await this.#settled(() => this.#closings.size === 0, CLOSING_GRACE)
    for (const connection of this.#connections) connection.cutOff()
    this.clock.stop()
    return { cutOff: count }
  }

  async #allAnswered(): Promise<'answered'> {
    // M.2: `shutdown` comes after the last call, also of one whose client has left.
    while (this.#isUnfinished() || this.#calls.count > 0) await this.#change()
    return 'answered'
  }

  #isUnfinished(): boolean {
    for (const connection of this.#connections) if (connection.unfinished) return true
    return false
  }

  /** Waits for `condition`, but no longer than `limit` milliseconds. */
  async #settled(condition: () => boolean, limit: number): Promise<void> {
    const end = monotonic() + limit
    while (!condition()) {
      const left = end - monotonic()
      if (left <= 0) return
      let timer: NodeJS.Timeout | undefined
      await Promise.race([this.#change(), new Promise((resolve) => (timer = setTimeout(resolve, left)))])
      clearTimeout(timer)
    }
  }

  /** Resolves when a request, a connection or a call ended. */
  #change(): Promise<void> {
    return (this.#changed ??= Promise.withResolvers<void>()).promise
  }

  #wake(): void {
    const changed = this.#changed
    this.#changed = null
    changed?.resolve()
  }

  // ConnectionHost

  requestStarted(method: string): void {
    this.#active++
    this.#requests++
    if (this.counters !== null) this.counters.started(method)
  }

  requestFinished(exchange: ServedExchange, arrival: Arrival | null): void {
    this.#active--
    if (arrival !== null) this.#report(exchange, arrival)
    this.#wake()
  }

  #report(exchange: ServedExchange, { startedAt, firstByteAt, client }: Arrival): void {
    const { request, status, bytesSent: bytes, whole: complete } = exchange
    const { method } = request
    const protocol = protocolOf(request)
    const duration = performance.now() - startedAt
    if (this.counters !== null) {
      const firstByte = firstByteAt === 0 ? duration : firstByteAt - startedAt
      const secure = client.urlScheme === 'https'
      const { bodyLength = -1 } = request
      this.counters.finished(method, protocol, secure, status, complete, duration, firstByte, bodyLength, bytes)
    }
    // Many a probe comes each second, and nobody wants to read of it.
    if (isProbe(this.settings, method, request.path)) return
    this.settings.access?.({
      time: Date.now() - duration,
      remoteAddr: client.remoteAddr,
      method,
      target: request.query === '' ? request.path : `${request.path}?${request.query}`,
      protocol,
      status,
      bytes,
      duration,
      requestHeaders: request.headers,
      complete,
    })
  }

  connectionChanged(): void {
    this.#wake()
  }

  connectionClosed(connection: HostedConnection, owing: boolean): void {
    if (!this.#connections.delete(connection)) return
    if (owing && this.counters !== null) this.counters.broken++
    if (this.#full && this.#connections.size < this.#maxConnections * 0.9) this.#full = false
    const next = this.draining ? undefined : this.#parked.shift()
    if (next !== undefined) this.#open(next.accepted, next.protocol)
    else if (this.#connections.size === 0) this.clock.stop()
    this.#wake()
  }

  connectionReplaced(connection: HostedConnection, next: HostedConnection): void {
    if (this.#connections.delete(connection)) this.#connections.add(next)
  }

  trackCall(call: PromiseLike<unknown>): void {
    this.#calls.add(call)
  }

  trackClosing(closing: PromiseLike<unknown>): void {
    this.#closings.add(closing)
    const done = (): void => {
      this.#closings.delete(closing)
      this.#wake()
    }
    closing.then(done, done)
  }

  #open(accepted: Accepted, protocol: Protocol): void {
    this.clock.start()
    this.#connections.add(protocol.connect(this, accepted))
  }

  #tick(now: number): void {
    for (const connection of this.#connections) connection.tick(now)
  }

  #refuse(accepted: Accepted, protocol: Protocol): void {
    this.#refused++
    if (this.counters !== null) this.counters.refused++
    protocol.refuse(accepted, this.#refused <= MOST_REFUSED ? LINGER_GRACE : 0, () => this.#refused--)
  }

  #sayUnfinished(calls: number): void {
    const what =
      calls === 1
        ? 'a call of the application, whose client has left, is'
        : `${calls} calls of the application, whose clients have left, are`
    this.settings.log('warn', `${what} still at work at the graceful limit, and ended`)
  }

  #sayFull(): void {
    if (this.#full) return
    this.#full = true
    const byDescriptors = this.#maxConnections < this.settings.limits.maxConnections
    const limit = byDescriptors ? "the process's limit of descriptors, ulimit -n" : '--max-connections'
    const more = this.#mayWait > 0 ? `up to ${this.#mayWait} more wait` : 'more are answered 503'
    this.settings.log(
      'warn',
      `${this.#maxConnections} connections are open, as many as may be (${limit}); ${more} until some close`,
    )
  }
}

const protocolOf = ({ protocol, minorVersion }: ServedRequest): string =>
  protocol ?? (minorVersion === 1 ? 'HTTP/1.1' : 'HTTP/1.0')
