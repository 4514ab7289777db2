/**
 * Bodies that come in pieces: pulled or pushed, no faster than the client takes them.
 */
import { isPromise } from '@tsgi/spec'
import type { AsyncBody, Awaitable, Body, BodyWriter, Chunk, StreamingBody, SyncBody } from '@tsgi/spec'
import { ClientGoneError } from './response-errors.ts'

/** Where a body's chunks go: its exchange. */
export interface DeliverySink {
  /** Of the body, so far. */
  readonly bytesSent: number
  /** The body is not wanted, or no more of it: HEAD, 204, 304. */
  readonly discardsBody: boolean
  /** Why the response is broken; `null` while it is not. */
  readonly failure: unknown
  /** Throws where the chunk breaks a rule. */
  push(chunk: Chunk): void
  flush(): void
  end(): void
  fail(error: unknown): void
  /** Calls the body's own `close`. */
  close(body: Body): void
}

/** How fast it may go: the connection. */
export interface DeliveryFlow {
  /** The client is slower than the body: wait for {@link Delivery.resume}. */
  readonly blocked: boolean
  /** Sends what was gathered, now. */
  flush(): void
  /** Sends what was gathered when nothing more is about to be added. */
  flushSoon(): void
  /** The application is at work for a response that is over: the process waits for it before it ends, within its graceful limit. */
  trackCall(call: PromiseLike<unknown>): void
  /** A `close` or `return` that takes its time: the process waits a moment for it before it ends. */
  trackClosing(closing: PromiseLike<unknown>): void
}

/** One body on its way. */
export interface Delivery {
  /** There is room again. */
  resume(): void
  /** Ends it before its end: the client left, or it failed. Closes the body. */
  stop(): void
}

/** A body that never has to wait may give this much in one go before others have their turn: bytes, or chunks of whatever size. */
const TURN_SIZE = 256 * 1024
const TURN_CHUNKS = 1024

export function deliver(
  sink: DeliverySink,
  body: SyncBody | AsyncBody | StreamingBody,
  flow: DeliveryFlow,
): Delivery | null {
  let delivery: SyncDelivery | AsyncDelivery | PushDelivery
  if (typeof body === 'function') delivery = new PushDelivery(sink, body, flow)
  else if (Symbol.asyncIterator in body) delivery = new AsyncDelivery(sink, body, flow)
  else delivery = new SyncDelivery(sink, body, flow)
  if (sink.discardsBody) {
    delivery.discard()
    return null
  }
  delivery.start()
  return delivery.done ? null : delivery
}

/** What all ways have in common: a body is closed once, and only the first end counts. */
abstract class BaseDelivery {
  protected readonly sink: DeliverySink
  protected readonly flow: DeliveryFlow
  readonly #body: Body
  done = false

  constructor(sink: DeliverySink, body: Body, flow: DeliveryFlow) {
    this.sink = sink
    this.flow = flow
    this.#body = body
  }

  /** Closes the body without having asked it for anything. */
  discard(): void {
    this.finish()
  }

  protected finish(): void {
    if (this.settle()) this.sink.end()
  }

  protected fail(error: unknown): void {
    if (this.settle()) this.sink.fail(error)
    else if (!(error instanceof ClientGoneError)) this.sink.fail(error)
  }

  /** `false` when it was over before. */
  protected settle(): boolean {
    if (this.done) return false
    this.done = true
    this.sink.close(this.#body)
    return true
  }
}

class SyncDelivery extends BaseDelivery implements Delivery {
  readonly #source: SyncBody
  #iterator: Iterator<Chunk> | null = null
  #turn: NodeJS.Immediate | null = null

  constructor(sink: DeliverySink, body: SyncBody, flow: DeliveryFlow) {
    super(sink, body, flow)
    this.#source = body
  }

  start(): void {
    this.#pump()
  }

  resume(): void {
    if (this.#turn === null) this.#pump()
  }

  stop(): void {
    if (this.#turn !== null) clearImmediate(this.#turn)
    this.#leave()
    this.settle()
  }

  #pump(): void {
    const { sink, flow } = this
    const turnEnd = sink.bytesSent + TURN_SIZE
    let chunks = 0
    try {
      this.#iterator ??= this.#source[Symbol.iterator]()
      while (!this.done) {
        const result = this.#iterator.next()
        if (result.done) {
          this.#iterator = null
          this.finish()
          return
        }
        sink.push(result.value)
        if (sink.discardsBody) {
          this.#leave()
          this.finish()
          return
        }
        if (flow.blocked) return
        if (sink.bytesSent > turnEnd || ++chunks > TURN_CHUNKS) {
          flow.flush()
          this.#turn = setImmediate(() => {
            this.#turn = null
            if (!this.done && !flow.blocked) this.#pump()
          })
          return
        }
      }
    } catch (error) {
      this.#leave()
      this.fail(error)
    }
  }

  #leave(): void {
    const iterator = this.#iterator
    this.#iterator = null
    try {
      iterator?.return?.()
    } catch (error) {
      this.sink.fail(error)
    }
  }
}

class AsyncDelivery extends BaseDelivery implements Delivery {
  readonly #source: AsyncBody
  #iterator: AsyncIterator<Chunk> | null = null
  #pulling = false
  #turn: NodeJS.Immediate | null = null
  #turnEnd = TURN_SIZE
  #chunks = 0
  readonly #take = (result: IteratorResult<Chunk>): void => this.#receive(result)
  readonly #refuse = (error: unknown): void => {
    this.#iterator = null
    this.fail(error)
  }

  constructor(sink: DeliverySink, body: AsyncBody, flow: DeliveryFlow) {
    super(sink, body, flow)
    this.#source = body
  }

  start(): void {
    this.#pull()
  }

  resume(): void {
    if (!this.#pulling && this.#turn === null) this.#pull()
  }

  stop(): void {
    if (this.#turn !== null) clearImmediate(this.#turn)
    this.#leave()
    this.settle()
  }

  #pull(): void {
    if (this.done) return
    try {
      this.#iterator ??= this.#source[Symbol.asyncIterator]()
      this.#pulling = true
      this.#iterator.next().then(this.#take, this.#refuse)
    } catch (error) {
      this.#iterator = null
      this.fail(error)
    }
  }

  #receive(result: IteratorResult<Chunk>): void {
    this.#pulling = false
    if (this.done) return
    const { sink, flow } = this
    try {
      if (result.done) {
        this.#iterator = null
        this.finish()
        return
      }
      sink.push(result.value)
    } catch (error) {
      this.#leave()
      this.fail(error)
      return
    }
    if (sink.discardsBody) {
      this.#leave()
      this.finish()
      return
    }
    flow.flushSoon()
    if (flow.blocked) return
    if (sink.bytesSent < this.#turnEnd && ++this.#chunks < TURN_CHUNKS) {
      this.#pull()
      return
    }
    // Settled promises run before anything else does: without a pause, nobody would notice even that the client left.
    this.#turnEnd = sink.bytesSent + TURN_SIZE
    this.#chunks = 0
    this.#turn = setImmediate(() => {
      this.#turn = null
      if (!flow.blocked) this.#pull()
    })
  }

  // Not awaited: `return` waits behind a pending `next`, which may wait for what never comes.
  #leave(): void {
    const iterator = this.#iterator
    this.#iterator = null
    try {
      const left = iterator?.return?.() as Awaitable<unknown>
      if (left !== undefined && isPromise(left))
        this.flow.trackClosing(left.then(undefined, (error: unknown) => this.sink.fail(error)))
    } catch (error) {
      this.sink.fail(error)
    }
  }
}

class PushDelivery extends BaseDelivery implements Delivery {
  readonly #source: StreamingBody
  #turnEnd = TURN_SIZE
  #chunks = 0
  #result: PromiseLike<void> | null = null
  #room: {
    readonly promise: Promise<void>
    readonly resolve: () => void
    readonly reject: (error: unknown) => void
  } | null = null

  constructor(sink: DeliverySink, body: StreamingBody, flow: DeliveryFlow) {
    super(sink, body, flow)
    this.#source = body
  }

  start(): void {
    const out: BodyWriter = { write: (chunk) => this.#write(chunk), flush: () => this.#flush() }
    try {
      const result = this.#source(out)
      if (typeof result === 'object' && isPromise(result)) {
        this.#result = result
        result.then(
          () => {
            this.#result = null
            this.finish()
          },
          (error: unknown) => {
            this.#result = null
            this.#rejected(error)
          },
        )
        // What it wrote at once may have been all, or too much.
        if (this.done) this.flow.trackCall(result)
      } else {
        this.finish()
      }
    } catch (error) {
      this.#rejected(error)
    }
  }

  resume(): void {
    const room = this.#room
    this.#room = null
    room?.resolve()
  }

  stop(): void {
    const room = this.#room
    this.#room = null
    this.settle()
    room?.reject(this.#gone())
  }

  protected override settle(): boolean {
    if (!super.settle()) return false
    if (this.#result !== null) this.flow.trackCall(this.#result)
    return true
  }

  #rejected(error: unknown): void {
    if (error instanceof ClientGoneError && this.done) return
    this.fail(error)
  }

  #write(chunk: Chunk): void | Promise<void> {
    if (this.done) return quiet(Promise.reject(this.#gone()))
    try {
      this.sink.push(chunk)
    } catch (error) {
      this.fail(error)
      return quiet(Promise.reject(error))
    }
    if (this.sink.discardsBody) {
      this.finish()
      return
    }
    this.flow.flushSoon()
    if (this.flow.blocked) return this.#wait()
    if (this.sink.bytesSent < this.#turnEnd && ++this.#chunks < TURN_CHUNKS) return undefined
    this.#turnEnd = this.sink.bytesSent + TURN_SIZE
    this.#chunks = 0
    return new Promise((resolve) => setImmediate(resolve))
  }

  #flush(): Awaitable<void> {
    if (this.done) return quiet(Promise.reject(this.#gone()))
    try {
      this.sink.flush()
    } catch (error) {
      this.fail(error)
      return quiet(Promise.reject(error))
    }
    if (this.sink.discardsBody) this.finish()
    else if (this.flow.blocked) return this.#wait()
  }

  #wait(): Promise<void> {
    if (this.#room === null) {
      this.#room = Promise.withResolvers<void>()
      quiet(this.#room.promise)
    }
    return this.#room.promise
  }

  #gone(): unknown {
    return this.sink.failure ?? new ClientGoneError('the response is over; nothing more is sent')
  }
}

/** A rejection that nobody has to wait for. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  return promise
}
