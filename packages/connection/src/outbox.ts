/**
 * What goes out, gathered so that a head and its body, and the responses of a pipeline, leave in one write.
 */
import type { Transport } from './transport.ts'

/** Gathered text beyond this leaves at once. */
const GATHER_LIMIT = 64 * 1024
/** Parts up to this size together are copied into one buffer: cheaper than a vectored write of several. */
const COPY_LIMIT = 32 * 1024

export class Outbox {
  readonly #transport: Transport
  #text = ''
  #parts: Uint8Array[] | null = null
  #partsSize = 0
  /** The transport asked to wait; its drain event ends this. */
  blocked = false

  constructor(transport: Transport) {
    this.#transport = transport
  }

  get empty(): boolean {
    return this.#text === '' && this.#parts === null
  }

  /** Adds text of one character per byte. */
  text(text: string): void {
    this.#text += text
    if (this.#text.length > GATHER_LIMIT) this.flush()
  }

  bytes(bytes: Uint8Array): void {
    this.#parts ??= []
    if (this.#text !== '') {
      this.#parts.push(Buffer.from(this.#text, 'latin1'))
      this.#partsSize += this.#text.length
      this.#text = ''
    }
    this.#parts.push(bytes)
    this.#partsSize += bytes.length
    if (this.#partsSize > GATHER_LIMIT) this.flush()
  }

  /** Hands all to the transport. */
  flush(): void {
    if (this.#parts !== null) {
      this.#flushParts(this.#parts)
    } else if (this.#text !== '') {
      const text = this.#text
      this.#text = ''
      if (!this.#transport.writeLatin1(text)) this.blocked = true
    }
  }

  #flushParts(parts: Uint8Array[]): void {
    if (this.#text !== '') {
      parts.push(Buffer.from(this.#text, 'latin1'))
      this.#partsSize += this.#text.length
      this.#text = ''
    }
    const size = this.#partsSize
    this.#parts = null
    this.#partsSize = 0
    const sent = parts.length > 1 && size <= COPY_LIMIT ? [Buffer.concat(parts, size)] : parts
    if (!this.#transport.writeBytes(sent)) this.blocked = true
  }
}
