import { header, type Chunk, type HeaderList } from '@tsgi/spec'

const encoder = new TextEncoder()

/** Turns chunks into bytes and holds a body to the length that was declared for it. */
export class MeasuredBytes {
  #declared: number | undefined
  #given = 0

  /** Once the head is certain. */
  declare(fields: HeaderList): void {
    const length = header(fields, 'content-length')
    this.#declared = length === undefined ? undefined : Number(length)
  }

  /** @throws RangeError for what goes beyond the declared length */
  add(chunk: Chunk): Uint8Array {
    const bytes = toBytes(chunk)
    this.#given += bytes.length
    if (this.#declared !== undefined && this.#given > this.#declared) {
      throw new RangeError(
        `The body is longer than its content-length, ${this.#declared}; declare what is sent, or nothing`,
      )
    }
    return bytes
  }

  /** @throws RangeError where the declared length was not kept */
  end(): void {
    if (this.#declared === undefined || this.#given === this.#declared) return
    throw new RangeError(`The body ended after ${this.#given} bytes; its content-length is ${this.#declared}`)
  }
}

export function toBytes(chunk: Chunk): Uint8Array {
  return typeof chunk === 'string' ? encoder.encode(chunk) : chunk
}
