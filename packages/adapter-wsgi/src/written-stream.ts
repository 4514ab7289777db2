import { bodyCloser, type BodyWriter, type Chunk, type ServerContext, type StreamingBody } from '@tsgi/spec'
import { checkedResult, chunksOf } from './result.ts'
import type { WsgiResult } from './wsgi.ts'

/** The body of an application that writes while it runs, and what it returns after that. */
export class WrittenStream {
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
    const rest = checkedResult(await this.#result)
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
    await bodyCloser(checkedResult(await this.#result))?.()
  }
}

const DROPPED: BodyWriter = { write() {}, flush() {} }
const GONE: BodyWriter = {
  write: () => Promise.reject(new Error('the client has left; nothing more is sent')),
  flush() {},
}
