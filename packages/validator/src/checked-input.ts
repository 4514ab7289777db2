import { isInputError, isPromise, type Awaitable, type Bytes, type HeaderList, type Input } from '@tsgi/spec'
import { describe } from './describe.ts'
import { checkRequestFields } from './fields.ts'
import type { ObservedExchange } from './observed-exchange.ts'

/** The request body as the application gets it: checks its reads, and what the server answers (I.1 to I.9). */
export class CheckedInput implements Input {
  readonly #exchange: ObservedExchange
  readonly #input: Input
  #reading = false
  /** Reads overlapped, so that what came first cannot be told. */
  #muddled = false
  #ended = false
  #last: Bytes | null = null
  #trailersChecked = false

  constructor(exchange: ObservedExchange, input: Input) {
    this.#exchange = exchange
    this.#input = input
  }

  read(size?: number): Awaitable<Bytes> {
    const sound = this.#checkCall(size)
    let bytes: Awaitable<Bytes>
    try {
      bytes = size === undefined ? this.#input.read() : this.#input.read(size)
    } catch (error) {
      if (sound) this.#checkError(error)
      throw error
    }
    if (!isPromise(bytes)) {
      this.#take(bytes, size)
      return bytes
    }
    this.#reading = true
    return bytes.then(
      (bytes) => {
        this.#reading = false
        this.#take(bytes, size)
        return bytes
      },
      (error: unknown) => {
        this.#reading = false
        if (sound) this.#checkError(error)
        throw error
      },
    )
  }

  get trailers(): HeaderList | null {
    const { trailers } = this.#input
    if (trailers !== null && !this.#trailersChecked) this.#checkTrailers(trailers)
    return trailers
  }

  [Symbol.asyncIterator](): AsyncIterator<Bytes> {
    return {
      next: async () => {
        const bytes = await this.read()
        return bytes.length === 0 ? { done: true, value: undefined } : { done: false, value: bytes }
      },
      return: async () => ({ done: true, value: undefined }),
    }
  }

  /** @returns whether the call was as it should be, so that an error is the server's */
  #checkCall(size: number | undefined): boolean {
    const exchange = this.#exchange
    if (exchange.finished) {
      if (!exchange.failed) exchange.fault('TSGI_V_READ_LATE', 'The input was read after the response had ended')
      return false
    }
    if (size !== undefined && !(Number.isSafeInteger(size) && size > 0)) {
      exchange.fault('TSGI_V_READ_SIZE', `read was called with ${describe(size)}`)
      return false
    }
    if (this.#reading) {
      this.#muddled = true
      exchange.fault('TSGI_V_READ_OVERLAP', 'read was called before the read before had settled')
      return false
    }
    return true
  }

  #take(bytes: Bytes, size: number | undefined): void {
    const exchange = this.#exchange
    if (!(bytes instanceof Uint8Array) || !(bytes.buffer instanceof ArrayBuffer)) {
      exchange.fault('TSGI_V_INPUT_BYTES', `read gave ${describe(bytes)}`)
      return
    }
    if (this.#muddled) return
    if (bytes.length === 0) {
      this.#ended = true
      return
    }
    if (this.#ended) exchange.fault('TSGI_V_INPUT_AFTER_END', `read gave ${bytes.length} bytes after it had given none`)
    if (size !== undefined && bytes.length > size) {
      exchange.fault('TSGI_V_INPUT_SIZE', `read(${size}) gave ${bytes.length} bytes`)
    }
    if (this.#last !== null && overlap(this.#last, bytes)) {
      exchange.fault('TSGI_V_INPUT_REUSED', 'Two reads gave the same memory')
    }
    this.#last = bytes
  }

  #checkError(error: unknown): void {
    if (isInputError(error)) return
    this.#exchange.fault(
      'TSGI_V_INPUT_ERROR',
      `read failed with ${error instanceof Error ? `“${error.message}”` : describe(error)}`,
    )
  }

  #checkTrailers(trailers: HeaderList): void {
    this.#trailersChecked = true
    const exchange = this.#exchange
    if (!this.#ended) exchange.fault('TSGI_V_INPUT_TRAILERS', 'trailers was not null before the end was read')
    checkRequestFields(trailers, {
      fault: (_, done) => exchange.fault('TSGI_V_INPUT_TRAILERS', `Of the trailers: ${done}`),
    })
  }
}

function overlap(a: Bytes, b: Bytes): boolean {
  if (a.buffer !== b.buffer) return false
  return a.byteOffset < b.byteOffset + b.byteLength && b.byteOffset < a.byteOffset + a.byteLength
}
