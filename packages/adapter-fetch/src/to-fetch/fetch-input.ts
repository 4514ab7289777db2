/** The body of a `Request` as the source of an input. */
import { BodyError, type BodySource, EMPTY_INPUT, RequestInput } from '@tsgi/exchange'
import { type Bytes, isInputError, type Input } from '@tsgi/spec'

export function fetchInput(body: ReadableStream<Uint8Array> | null): Input {
  return body === null ? EMPTY_INPUT : new FetchSource(body).input
}

class FetchSource implements BodySource {
  readonly input: RequestInput = new RequestInput(this)
  readonly trailers = null
  readonly #body: ReadableStream<Uint8Array>
  #reader: ReadableStreamDefaultReader<Uint8Array> | null = null
  #rest: Bytes | null = null
  #ended = false
  #reading = false

  constructor(body: ReadableStream<Uint8Array>) {
    this.#body = body
  }

  pull(size: number): Bytes | null | 'end' {
    const rest = this.#rest
    if (rest === null) return this.#ended ? 'end' : null
    if (size >= rest.length) {
      this.#rest = null
      return rest
    }
    this.#rest = rest.subarray(size)
    return rest.subarray(0, size)
  }

  want(): void {
    if (this.#reading) return
    this.#reading = true
    try {
      this.#reader ??= this.#body.getReader()
    } catch (error) {
      this.input.fail(cutShort(error))
      return
    }
    this.#reader.read().then(
      ({ done, value }) => {
        this.#reading = false
        if (done) this.#ended = true
        else if (value.length > 0) this.#rest = value as Bytes
        this.input.wake()
      },
      (error: unknown) => this.input.fail(isInputError(error) ? error : cutShort(error)),
    )
  }
}

/** Whatever the host's stream failed with, the body was cut short. */
const cutShort = (cause: unknown): BodyError => new BodyError(400, 'the request body was cut short', { cause })
