/** Bodies that come in pieces: pulled or pushed, no faster than the client takes them (SPEC B.5 to B.7, G.3, G.5). */
import {
  isPromise,
  type AsyncBody,
  type Awaitable,
  type BodyWriter,
  type Chunk,
  type StreamingBody,
  type SyncBody,
} from '@tsgi/spec'
import { quiet } from './quiet.ts'

/** Where a delivery brings its chunks. */
export interface ChunkTaker {
  /** What follows is of no use: HEAD, 204, 304. */
  readonly discardsBody: boolean
  /** @returns whether there is room for more */
  push(chunk: Chunk): boolean
  flush(): void
  end(): void
  fail(error: unknown): void
}

export interface BodyDelivery {
  start(): void
  /** There is room again. */
  resume(): void
  /** Ends it before its end. */
  stop(reason: unknown): void
}

export function deliver(taker: ChunkTaker, body: SyncBody | AsyncBody | StreamingBody): BodyDelivery {
  if (typeof body === 'function') return new PushDelivery(taker, body)
  return Symbol.asyncIterator in body ? new AsyncDelivery(taker, body) : new SyncDelivery(taker, body)
}

class SyncDelivery implements BodyDelivery {
  readonly #taker: ChunkTaker
  readonly #body: SyncBody
  #iterator: Iterator<Chunk> | null = null
  #done = false

  constructor(taker: ChunkTaker, body: SyncBody) {
    this.#taker = taker
    this.#body = body
  }

  start(): void {
    this.resume()
  }

  resume(): void {
    const taker = this.#taker
    try {
      while (!this.#done) {
        if (taker.discardsBody) {
          this.#leave()
          taker.end()
          return
        }
        this.#iterator ??= this.#body[Symbol.iterator]()
        const result = this.#iterator.next()
        if (result.done) {
          this.#done = true
          taker.end()
          return
        }
        if (!taker.push(result.value)) return
      }
    } catch (error) {
      this.#leave()
      taker.fail(error)
    }
  }

  stop(): void {
    this.#leave()
  }

  #leave(): void {
    if (this.#done) return
    this.#done = true
    try {
      this.#iterator?.return?.()
    } catch (error) {
      this.#taker.fail(error)
    }
  }
}

class AsyncDelivery implements BodyDelivery {
  readonly #taker: ChunkTaker
  readonly #body: AsyncBody
  #iterator: AsyncIterator<Chunk> | null = null
  #pulling = false
  #done = false

  constructor(taker: ChunkTaker, body: AsyncBody) {
    this.#taker = taker
    this.#body = body
  }

  start(): void {
    this.resume()
  }

  resume(): void {
    if (this.#pulling || this.#done) return
    if (this.#taker.discardsBody) {
      this.#leave()
      this.#taker.end()
      return
    }
    try {
      this.#iterator ??= this.#body[Symbol.asyncIterator]()
      this.#pulling = true
      this.#iterator.next().then(
        (result) => this.#take(result),
        (error: unknown) => this.#broke(error),
      )
    } catch (error) {
      this.#broke(error)
    }
  }

  #take(result: IteratorResult<Chunk>): void {
    this.#pulling = false
    if (this.#done) return
    if (result.done) {
      this.#done = true
      this.#taker.end()
      return
    }
    try {
      if (!this.#taker.push(result.value)) return
    } catch (error) {
      this.#leave()
      this.#taker.fail(error)
      return
    }
    this.resume()
  }

  #broke(error: unknown): void {
    this.#done = true
    this.#taker.fail(error)
  }

  stop(): void {
    this.#leave()
  }

  // Not awaited: `return` waits behind a pending `next`, which may wait for what never comes.
  #leave(): void {
    if (this.#done) return
    this.#done = true
    try {
      const left = this.#iterator?.return?.() as Awaitable<unknown>
      if (isPromise(left)) left.then(undefined, (error: unknown) => this.#taker.fail(error))
    } catch (error) {
      this.#taker.fail(error)
    }
  }
}

class PushDelivery implements BodyDelivery {
  readonly #taker: ChunkTaker
  readonly #body: StreamingBody
  #room: PromiseWithResolvers<void> | null = null
  /** Why nothing more is taken; `null` while something is. */
  #ended: { readonly reason: unknown } | null = null

  constructor(taker: ChunkTaker, body: StreamingBody) {
    this.#taker = taker
    this.#body = body
  }

  start(): void {
    if (this.#taker.discardsBody) {
      this.#taker.end()
      return
    }
    const out: BodyWriter = { write: (chunk) => this.#write(chunk), flush: () => this.#flush() }
    try {
      const result = this.#body(out)
      if (!isPromise(result)) return this.#finish()
      result.then(
        () => this.#finish(),
        (error: unknown) => this.#broke(error),
      )
    } catch (error) {
      this.#broke(error)
    }
  }

  #finish(): void {
    if (this.#ended !== null) return
    this.#end(new Error('the body has ended; nothing more is sent'))
    this.#taker.end()
  }

  /** An application may let the rejection of a late write come through: that is no failure of its own. */
  #broke(error: unknown): void {
    if (this.#ended !== null && error === this.#ended.reason) return
    this.#end(error)
    this.#taker.fail(error)
  }

  #write(chunk: Chunk): void | Promise<void> {
    if (this.#ended !== null) return quiet(Promise.reject(this.#ended.reason))
    try {
      if (this.#taker.push(chunk)) return undefined
    } catch (error) {
      this.#end(error)
      this.#taker.fail(error)
      return quiet(Promise.reject(error))
    }
    return this.#wait()
  }

  #flush(): Awaitable<void> {
    if (this.#ended !== null) return quiet(Promise.reject(this.#ended.reason))
    this.#taker.flush()
    return this.#room?.promise
  }

  #wait(): Promise<void> {
    this.#room ??= Promise.withResolvers<void>()
    return quiet(this.#room.promise)
  }

  resume(): void {
    const room = this.#room
    this.#room = null
    room?.resolve()
  }

  stop(reason: unknown): void {
    this.#end(reason)
  }

  #end(reason: unknown): void {
    if (this.#ended !== null) return
    this.#ended = { reason }
    const room = this.#room
    this.#room = null
    room?.reject(reason)
  }
}
