import { isInputError, type Awaitable, type Bytes, type HeaderList, type Input, type InputError } from '@tsgi/spec'

const NOTHING: Bytes = new Uint8Array()

/** The body of a `Request` as a TSGI input. */
export class FetchInput implements Input {
  readonly trailers: HeaderList | null = null
  readonly #body: ReadableStream<Uint8Array> | null
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined
  /** What was received and not yet asked for. */
  #rest = NOTHING
  #reading = false

  constructor(body: ReadableStream<Uint8Array> | null) {
    this.#body = body
  }

  read(size?: number): Awaitable<Bytes> {
    if (size !== undefined && !(Number.isInteger(size) && size > 0)) {
      throw new RangeError(`input.read(size) takes a positive integer; got ${size}`)
    }
    if (this.#reading) throw new Error('input.read() was called before the read before it had settled; await each read')
    if (this.#body === null) return NOTHING
    return this.#rest.length > 0 ? this.#cut(size) : this.#receive(this.#body, size)
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Bytes> {
    for (;;) {
      const bytes = await this.read()
      if (bytes.length === 0) return
      yield bytes
    }
  }

  #cut(size = this.#rest.length): Bytes {
    const bytes = this.#rest.subarray(0, size)
    this.#rest = this.#rest.subarray(size)
    return bytes
  }

  async #receive(body: ReadableStream<Uint8Array>, size: number | undefined): Promise<Bytes> {
    this.#reading = true
    try {
      this.#reader ??= body.getReader()
      for (;;) {
        const { done, value } = await this.#reader.read()
        if (done) return NOTHING
        if (value.length === 0) continue
        this.#rest = value as Bytes
        return this.#cut(size)
      }
    } catch (error) {
      throw isInputError(error) ? error : new RequestBodyError(error)
    } finally {
      this.#reading = false
    }
  }
}

/** The host's stream failed: whatever it says, the body was cut short. */
class RequestBodyError extends Error implements InputError {
  readonly status = 400

  constructor(cause: unknown) {
    super('The request body was cut short', { cause })
    this.name = 'RequestBodyError'
  }
}
