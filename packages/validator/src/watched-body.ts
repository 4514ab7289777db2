/**
 * Bodies that are pulled or called, each in a body of the same kind that checks the server on one side and the application on
 * the other (B.3 to B.7, G.1 to G.6).
 */
import { bodyCloser, isPromise } from '@tsgi/spec'
import type { AsyncBody, Awaitable, Body, BodyWriter, Chunk, StreamingBody, SyncBody } from '@tsgi/spec'
import { CheckedWriter } from './checked-writer.ts'
import { describe } from './describe.ts'
import type { ObservedExchange } from './observed-exchange.ts'

/** What the server has done with a body. */
export class BodyWatch {
  readonly exchange: ObservedExchange
  readonly #body: Body
  #begun = false
  /** The end was reached, or the application failed. */
  ended = false
  /** `return` was called. */
  left = false
  pending = false
  #closed = false

  constructor(exchange: ObservedExchange, body: Body) {
    this.exchange = exchange
    this.#body = body
    exchange.watch = this
    // A body that comes after the client left has no finish listener to be checked by.
    if (exchange.finished) this.checkClosed()
  }

  begin(): void {
    const { exchange } = this
    if (this.#closed || exchange.finished) {
      exchange.fault('TSGI_V_PULL_AFTER_CLOSE', 'A body was begun after it was closed, or after the client had left')
    } else if (this.#begun) exchange.fault('TSGI_V_ITERATED_TWICE', 'A body was begun a second time')
    this.#begun = true
  }

  beforePull(): void {
    const { exchange } = this
    if (this.#closed) exchange.fault('TSGI_V_PULL_AFTER_CLOSE', 'next was called after the body was closed')
    else if (this.ended || this.left) exchange.fault('TSGI_V_PULL_AFTER_END', 'next was called after the end')
    else if (this.pending)
      exchange.fault('TSGI_V_PULL_OVERLAP', 'next was called before the promise of the last had settled')
  }

  take(result: IteratorResult<Chunk>): void {
    const { exchange } = this
    if (typeof result !== 'object' || result === null) {
      exchange.faultOnce('TSGI_V_ITERATOR_RESULT', `next gave ${describe(result)}`, false)
    } else if (result.done) {
      if (this.ended) return
      this.ended = true
      exchange.ended()
    } else exchange.chunk(result.value, false)
  }

  close(): Awaitable<void> {
    const { exchange } = this
    if (this.#closed) {
      exchange.fault('TSGI_V_CLOSED_TWICE', 'A body was closed a second time')
      return
    }
    if (this.#begun && !this.ended && !this.left) {
      exchange.fault(
        'TSGI_V_RETURN_MISSING',
        'A body was closed halfway, and its iterator’s return had not been called',
      )
    }
    this.#closed = true
    try {
      const closing = bodyCloser(this.#body)?.() as Awaitable<void>
      if (!isPromise(closing)) return
      return closing.then(undefined, (error: unknown) => this.#closeThrew(error))
    } catch (error) {
      this.#closeThrew(error)
    }
  }

  #closeThrew(error: unknown): never {
    this.exchange.faultThrown('TSGI_V_CLOSE_THREW', 'A body’s close', error)
    throw error
  }

  /** The response has ended: the body is closed by now, or as soon as the server lets others run. */
  checkClosed(): void {
    if (this.#closed) return
    const { validation, environ, finished } = this.exchange
    const early = !finished || this.#begun
    setImmediate(() => {
      if (!this.#closed) validation.faultAside('TSGI_V_NOT_CLOSED', 'A body was not closed', environ)
      else if (early) {
        validation.faultAside(
          'TSGI_V_FINISH_BEFORE_CLOSE',
          'A finish listener was called before the body was closed',
          environ,
        )
      }
    })
  }
}

export function watchSync(exchange: ObservedExchange, body: SyncBody): SyncBody {
  const watch = new BodyWatch(exchange, body)
  return {
    [Symbol.iterator]: () => {
      watch.begin()
      return syncIterator(watch, body[Symbol.iterator]())
    },
    close: () => watch.close(),
  }
}

function syncIterator(watch: BodyWatch, source: Iterator<Chunk>): Iterator<Chunk> {
  return {
    next() {
      watch.beforePull()
      let result: IteratorResult<Chunk>
      try {
        result = source.next()
      } catch (error) {
        watch.ended = true
        throw error
      }
      watch.take(result)
      return result
    },
    return() {
      watch.left = true
      return source.return?.() ?? { done: true, value: undefined }
    },
  }
}

export function watchAsync(exchange: ObservedExchange, body: AsyncBody): AsyncBody {
  const watch = new BodyWatch(exchange, body)
  return {
    [Symbol.asyncIterator]: () => {
      watch.begin()
      return asyncIterator(watch, body[Symbol.asyncIterator]())
    },
    close: () => watch.close(),
  }
}

function asyncIterator(watch: BodyWatch, source: AsyncIterator<Chunk>): AsyncIterator<Chunk> {
  return {
    next() {
      watch.beforePull()
      const result = source.next()
      if (!isPromise<unknown>(result)) {
        watch.exchange.faultOnce('TSGI_V_ITERATOR_RESULT', 'next of an asynchronous body gave no promise', false)
        return result
      }
      watch.pending = true
      return result.then(
        (result) => {
          watch.pending = false
          watch.take(result)
          return result
        },
        (error: unknown) => {
          watch.pending = false
          watch.ended = true
          throw error
        },
      )
    },
    async return() {
      watch.left = true
      return (await source.return?.()) ?? { done: true, value: undefined }
    },
  }
}

export function watchStream(exchange: ObservedExchange, body: StreamingBody): StreamingBody {
  const watch = new BodyWatch(exchange, body)
  const watched: StreamingBody = (out: BodyWriter) => {
    watch.begin()
    // There is no `return` to be called: the function learns of its end by its writes.
    watch.left = true
    const writer = new CheckedWriter(exchange, out)
    const end = (): void => {
      writer.over = true
      exchange.ended()
    }
    const fail = (error: unknown): never => {
      writer.over = true
      throw error
    }
    try {
      const result = body(writer)
      if (typeof result === 'object' && isPromise(result)) return result.then(end, fail)
    } catch (error) {
      fail(error)
    }
    end()
  }
  watched.close = () => watch.close()
  return watched
}
