/**
 * The `write` callable of PEP 3333, and the body that comes of what was written and what was returned.
 *
 * An application that is not `async` cannot be interrupted, so what it writes is kept until it returns. One that is `async`
 * has its response begun at the first write, and its writes wait for the client as those of any streaming body do.
 */
import { bodyCloser, type Body, type BodyHooks, type Chunk, type ServerContext } from '@tsgi/spec'
import { checkedResult } from './result.ts'
import { WrittenStream } from './written-stream.ts'
import type { WsgiResult } from './wsgi.ts'

export class Writes {
  /** Written before the application returned, so before it is known whether it is `async`. */
  #held: { readonly data: Chunk; readonly sent: PromiseWithResolvers<void> }[] = []
  #stream: WrittenStream | null = null
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
    const rest = checkedResult(result)
    if (this.#held.length === 0) return rest
    const held = this.#held.map(({ data }) => data)
    for (const { sent } of this.#held) sent.resolve()
    if (typeof rest === 'string' || rest instanceof Uint8Array) return [...held, rest]
    if (Array.isArray(rest)) return [...held, ...(rest as readonly Chunk[])]
    const close = bodyCloser(rest) as BodyHooks['close']
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
      const stream = new WrittenStream(result, server, () => resolve(stream.body))
      this.#stream = stream
      for (const { data, sent } of this.#held) stream.write(data).then(sent.resolve, sent.reject)
      this.#held = []
      // Where a write was first, the promise is settled and the stream deals with what is returned.
      Promise.resolve(result).then(checkedResult).then(resolve, reject)
    })
  }
}
