import type { Awaitable, BodyWriter, Chunk } from '@tsgi/spec'
import type { ObservedExchange } from './observed-exchange.ts'

/** Bytes that a body may write on while it was asked to wait; more is a body that does not wait (B.7). */
const PATIENCE = 1024 * 1024

/** Where a streaming body writes, as the application gets it. */
export class CheckedWriter implements BodyWriter {
  readonly #exchange: ObservedExchange
  readonly #out: BodyWriter
  /** The function has ended. */
  over = false
  #asked = 0
  #unwaited = 0

  constructor(exchange: ObservedExchange, out: BodyWriter) {
    this.#exchange = exchange
    this.#out = out
  }

  write(chunk: Chunk): void | Promise<void> {
    const exchange = this.#exchange
    if (this.over) exchange.fault('TSGI_V_WRITE_AFTER_END', 'write was called after the body’s function had ended')
    else {
      this.#checkPatience(chunk)
      exchange.chunk(chunk, true)
    }
    const wait = this.#out.write(chunk)
    if (wait !== undefined) this.#count(wait)
    return wait
  }

  flush(): Awaitable<void> {
    this.#exchange.flushed()
    return this.#out.flush()
  }

  #count(wait: Promise<void>): void {
    const settled = (): void => {
      this.#asked--
      if (this.#asked === 0) this.#unwaited = 0
    }
    this.#asked++
    wait.then(settled, settled)
  }

  #checkPatience(chunk: Chunk): void {
    if (this.#asked === 0) return
    this.#unwaited += chunk.length
    if (this.#unwaited <= PATIENCE) return
    const done = `${this.#unwaited} bytes were written while write had asked to wait`
    this.#exchange.faultOnce('TSGI_V_BACKPRESSURE', done, true)
  }
}
