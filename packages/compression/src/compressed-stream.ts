/** A body that is made while it is sent, through a coder. */
import { bodyCloser, isPromise } from '@tsgi/spec'
import type { AsyncBody, Awaitable, BodyHooks, BodyWriter, Chunk, StreamingBody, SyncBody } from '@tsgi/spec'
import type { Coder } from './coders.ts'

export type UnfinishedBody = SyncBody | AsyncBody | StreamingBody

export interface CompressedStreamOwner {
  /** The application has given a head. */
  readonly mayBegin: boolean
  /** The first chunk is there, or a flush, or the end: sends the head. Gives no coder where the body goes as it is. */
  begin(): Coder | null
  /** Every chunk leaves at once, as with server-sent events. Known once it has begun. */
  readonly eager: boolean
}

export class CompressedStream {
  readonly #owner: CompressedStreamOwner
  readonly #source: UnfinishedBody
  #out: BodyWriter | null = null
  #coder: Coder | null = null
  #begun = false
  /** A flush was asked for before there was anything that could leave. */
  #flushDue = false
  /** Why nothing more can be sent. */
  #failure: { readonly error: unknown } | null = null
  /** What waits for room, for a flush or for the end, and fails with the stream. One list, since a promise that lives as long as the response would keep each wait. */
  readonly #waiting = new Set<(error: unknown) => void>()

  constructor(source: UnfinishedBody, owner: CompressedStreamOwner) {
    this.#source = source
    this.#owner = owner
  }

  /** The body to give to the server. */
  body(): StreamingBody {
    const body: StreamingBody = (out) => this.#run(out)
    const close = bodyCloser(this.#source) as BodyHooks['close']
    body.close = () => {
      this.#fail(new Error('the response is over'))
      return close?.()
    }
    return body
  }

  /** `flush` of the context (U.2): what was given so far leaves. */
  flush(): void {
    const flushed = this.#flush()
    if (isPromise(flushed)) quiet(flushed as Promise<void>)
  }

  #fail(error: unknown): void {
    this.#failure ??= { error }
    for (const reject of this.#waiting) reject(error)
    this.#waiting.clear()
    this.#coder?.stream.destroy()
  }

  /** Settles when `begin` calls back, or rejects when nothing more can be sent. */
  #until(begin: (done: () => void) => void): Promise<void> {
    return quiet(
      new Promise<void>((resolve, reject) => {
        this.#waiting.add(reject)
        begin(() => {
          this.#waiting.delete(reject)
          resolve()
        })
      }),
    )
  }

  async #run(out: BodyWriter): Promise<void> {
    this.#out = out
    const source = this.#source
    try {
      if (this.#flushDue) this.flush()
      if (typeof source === 'function') {
        await source({ write: (chunk) => this.#write(chunk), flush: () => this.#flush() })
      } else {
        for await (const chunk of source) {
          const room = this.#write(chunk)
          if (room !== undefined) await room
        }
      }
      await this.#finish()
    } finally {
      this.#coder?.stream.destroy()
    }
  }

  #begin(): void {
    if (this.#begun) return
    this.#begun = true
    this.#coder = this.#owner.begin()
    this.#coder?.stream.on('data', (bytes: Buffer) => this.#send(bytes)).on('error', (error) => this.#fail(error))
  }

  #send(bytes: Buffer): void {
    const room = this.#out?.write(bytes)
    if (room === undefined) return
    const { stream } = this.#coder as Coder
    stream.pause()
    room.then(
      () => stream.resume(),
      (error: unknown) => this.#fail(error),
    )
  }

  #write(chunk: Chunk): void | Promise<void> {
    if (chunk.length === 0) return undefined
    this.#begin()
    if (this.#coder === null) return this.#out?.write(chunk)
    if (this.#failure !== null) return quiet(Promise.reject(this.#failure.error))
    const { stream, flushKind } = this.#coder
    const roomy = stream.write(chunk)
    if (this.#owner.eager) stream.flush(flushKind)
    return roomy ? undefined : this.#until((done) => stream.once('drain', done))
  }

  #flush(): Awaitable<void> {
    if (this.#out === null || !this.#owner.mayBegin) {
      this.#flushDue = true
      return undefined
    }
    this.#flushDue = false
    this.#begin()
    const out = this.#out
    if (this.#coder === null) return out.flush()
    if (this.#failure !== null) return quiet(Promise.reject(this.#failure.error))
    const { stream, flushKind } = this.#coder
    return quiet(this.#until((done) => stream.flush(flushKind, done)).then(() => out.flush()))
  }

  async #finish(): Promise<void> {
    this.#begin()
    if (this.#coder === null) return
    const { stream } = this.#coder
    if (this.#failure !== null) throw this.#failure.error
    await this.#until((done) => {
      stream.once('end', done)
      stream.end()
    })
  }
}

function quiet(promise: Promise<void>): Promise<void> {
  promise.catch(() => {})
  return promise
}

export const isUnfinished = (body: unknown): body is UnfinishedBody =>
  typeof body === 'function' ||
  (typeof body === 'object' &&
    body !== null &&
    (Symbol.iterator in body || Symbol.asyncIterator in body) &&
    !isPromise(body))
