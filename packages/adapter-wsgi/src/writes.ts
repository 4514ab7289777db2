/**
 * The `write` callable of PEP 3333, and the body that comes of what was written and what was returned.
 *
 * An application that is not `async` cannot be interrupted, so what it writes is kept until it returns. One that is `async`
 * has its response begun at the first write, and its writes wait for the client as those of any streaming body do.
 */
import { bodyCloser } from '@tsgi/spec'
import type { Body, BodyWriter, Chunk, ServerContext, StreamingBody } from '@tsgi/spec'
import type { WsgiResult } from './wsgi.ts'

/** What a WSGI application may return, once it was checked: a TSGI body that is neither `null` nor a function. */
type ReturnedBody = Exclude<Body, null | StreamingBody>

export class Writes {
  /** Written before the application returned, so before it is known whether it is `async`. */
  #held: { readonly data: Chunk; readonly sent: PromiseWithResolvers<void> }[] = []
  #stream: BodyStream | null = null
  #returned = false

  /** Something was written, so the head counts as sent. */
  get begun(): boolean {
    return this.#held.length > 0 || this.#stream?.begun === true
  }

  readonly write = (data: Chunk): Promise<void> => {
    if (typeof data !== 'string' && !(data instanceof Uint8Array)) {
      throw new TypeError(`write takes a string or bytes; came ${data === null ? 'null' : typeof data}`)
    }
    if (data.length === 0) return Promise.resolve()
    if (this.#stream !== null) return this.#stream.write(data)
    if (this.#returned) {
      throw new Error(
        'write was called while the body was being iterated, which PEP 3333 forbids; yield the data instead',
      )
    }
    const sent = Promise.withResolvers<void>()
    // Who does not wait does not want to know.
    sent.promise.catch(() => {})
    this.#held.push({ data, sent })
    return sent.promise
  }

  /** The body of an application that returned. */
  join(result: WsgiResult): Body {
    this.#returned = true
    const rest = checked(result)
    if (this.#held.length === 0) return rest
    const held = this.#held.map(({ data }) => data)
    for (const { sent } of this.#held) sent.resolve()
    if (typeof rest === 'string' || rest instanceof Uint8Array) return [...held, rest]
    if (Array.isArray(rest)) return [...held, ...(rest as readonly Chunk[])]
    const close = bodyCloser(rest) as () => void
    if (Symbol.asyncIterator in rest) {
      return {
        async *[Symbol.asyncIterator]() {
          yield* held
          yield* rest
        },
        close,
      }
    }
    return {
      *[Symbol.iterator]() {
        yield* held
        yield* rest
      },
      close,
    }
  }

  /** The body of an application that will return: what it returns, or a stream from its first write on. */
  stream(result: PromiseLike<WsgiResult>, server: ServerContext): Promise<Body> {
    return new Promise((resolve, reject) => {
      const stream = new BodyStream(result, server, () => resolve(stream.body))
      this.#stream = stream
      for (const { data, sent } of this.#held) stream.write(data).then(sent.resolve, sent.reject)
      this.#held = []
      // Where a write was first, the promise is settled and the stream deals with what is returned.
      Promise.resolve(result).then(checked).then(resolve, reject)
    })
  }
}

class BodyStream {
  readonly body: StreamingBody
  begun = false
  readonly #result: PromiseLike<WsgiResult>
  readonly #out = Promise.withResolvers<BodyWriter>()
  readonly #begin: () => void
  #last: Promise<void> = Promise.resolve()
  #poured = false

  constructor(result: PromiseLike<WsgiResult>, server: ServerContext, begin: () => void) {
    this.#result = result
    this.#begin = begin
    this.body = (out) => this.#pour(out)
    this.body.close = () => this.#close(server)
  }

  write(chunk: Chunk): Promise<void> {
    if (!this.begun) {
      this.begun = true
      this.#begin()
    }
    const written = this.#last.then(async () => (await this.#out.promise).write(chunk))
    written.catch(() => {})
    this.#last = written
    return written
  }

  async #pour(out: BodyWriter): Promise<void> {
    this.#poured = true
    this.#out.resolve(out)
    const rest = checked(await this.#result)
    try {
      await this.#last
      for await (const chunk of chunksOf(rest)) await out.write(chunk)
    } finally {
      await bodyCloser(rest)?.()
    }
  }

  async #close(server: ServerContext): Promise<void> {
    if (this.#poured) return
    // Nobody will take what is written: for HEAD it is dropped, as the application need not know; else it is told.
    this.#out.resolve(server.signal.aborted ? GONE : DROPPED)
    await bodyCloser(checked(await this.#result))?.()
  }
}

const DROPPED: BodyWriter = { write() {}, flush() {} }
const GONE: BodyWriter = {
  write: () => Promise.reject(new Error('the client has left; nothing more is sent')),
  flush() {},
}

function chunksOf(body: ReturnedBody): Iterable<Chunk> | AsyncIterable<Chunk> {
  return typeof body === 'string' || body instanceof Uint8Array ? [body] : body
}

function checked(result: unknown): ReturnedBody {
  if (typeof result === 'string' || result instanceof Uint8Array || Array.isArray(result)) return result as ReturnedBody
  if (typeof result === 'object' && result !== null && (Symbol.iterator in result || Symbol.asyncIterator in result)) {
    return result as ReturnedBody
  }
  const came = typeof result === 'object' ? 'an object that cannot be iterated' : String(typeof result)
  throw new TypeError(
    `a WSGI application returns an iterable of chunks, such as ['Hello\\n']; came ${result === null ? 'null' : came}`,
  )
}
