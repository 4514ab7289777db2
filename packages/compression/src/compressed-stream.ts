/** A body that is made while it is sent, through a coder. */
import { bodyCloser, isPromise } from '@tsgi/spec'
import type { AsyncBody, Awaitable, BodyHooks, BodyWriter, Chunk, StreamingBody, SyncBody } from '@tsgi/spec'
import type { Coder } from './coders.ts'

export type UnfinishedBody = SyncBody | AsyncBody | StreamingBody

export interface CompressedStreamOwner {
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
  #failed = Promise.withResolvers<never>()

  constructor(source: UnfinishedBody, owner: CompressedStreamOwner) {
    this.#source = source
    this.#owner = owner
    this.#failed.promise.catch(() => {})
  }

  /** The body to give to the server. */
  body(): StreamingBody {
    const body: StreamingBody = (out) => this.#run(out)
    const close = bodyCloser(this.#source) as BodyHooks['close']
    if (close !== undefined) body.close = close
    return body
  }

  /** `flush` of the context (U.2): what was given so far leaves. */
  flush(): void {
    void this.#flush()
  }

  async #run(out: BodyWriter): Promise<void> {
    this.#out = out
    const source = this.#source
    try {
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
    this.#coder?.stream
      .on('data', (bytes: Buffer) => this.#send(bytes))
      .on('error', (error) => this.#failed.reject(error))
  }

  #send(bytes: Buffer): void {
    const room = this.#out?.write(bytes)
    if (room === undefined) return
    const { stream } = this.#coder as Coder
    stream.pause()
    room.then(
      () => stream.resume(),
      (error: unknown) => this.#failed.reject(error),
    )
  }

  #write(chunk: Chunk): void | Promise<void> {
    if (chunk.length === 0) return undefined
    this.#begin()
    if (this.#coder === null) return this.#out?.write(chunk)
    const { stream, flushKind } = this.#coder
    const roomy = stream.write(chunk)
    if (this.#owner.eager) stream.flush(flushKind)
    if (roomy) return undefined
    const drained = new Promise<void>((resolve) => stream.once('drain', resolve))
    return quiet(Promise.race([drained, this.#failed.promise]))
  }

  #flush(): Awaitable<void> {
    if (this.#out === null) return undefined
    this.#begin()
    const out = this.#out
    if (this.#coder === null) return out.flush()
    const { stream, flushKind } = this.#coder
    const flushed = new Promise<void>((resolve) => stream.flush(flushKind, () => resolve()))
    return quiet(Promise.race([flushed, this.#failed.promise]).then(() => out.flush()))
  }

  async #finish(): Promise<void> {
    this.#begin()
    if (this.#coder === null) return
    const { stream } = this.#coder
    const ended = new Promise<void>((resolve) => stream.once('end', resolve))
    stream.end()
    await Promise.race([ended, this.#failed.promise])
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
