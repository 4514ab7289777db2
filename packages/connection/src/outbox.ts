/**
 * What goes out, gathered so that a head and its body, and the responses of a pipeline, leave in one write.
 */
import { Buffer } from 'node:buffer'
import type { Transport } from './transport.ts'

/** Gathered text beyond this leaves at once. */
const GATHER_LIMIT = 64 * 1024
/** Parts up to this size together are copied into one buffer: cheaper than a vectored write of several. */
const COPY_LIMIT = 32 * 1024

export class Outbox {
  readonly transport: Transport
  #text = ''
  /** Text and bytes in their order, where there are bytes; then `#text` is what follows them. */
  #parts: (string | Uint8Array)[] | null = null
  #size = 0
  /** The transport asked to wait; its drain event ends this. */
  blocked = false
  /** Bytes handed to the transport so far. */
  handed = 0

  constructor(transport: Transport) {
    this.transport = transport
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
    const parts = (this.#parts ??= [])
    if (this.#text !== '') {
      parts.push(this.#text)
      this.#size += this.#text.length
      this.#text = ''
    }
    parts.push(bytes)
    this.#size += bytes.length
    if (this.#size > GATHER_LIMIT) this.flush()
  }

  /** Hands all to the transport. */
  flush(): void {
    const parts = this.#parts
    const text = this.#text
    this.#text = ''
    if (parts === null) {
      this.handed += text.length
      if (text !== '' && !this.transport.writeLatin1(text)) this.blocked = true
      return
    }
    if (text !== '') parts.push(text)
    const size = this.#size + text.length
    this.#parts = null
    this.#size = 0
    this.handed += size
    if (sizeOf(parts) !== size) {
      // Bytes that were given away were transferred to another owner: what is framed already can only be broken off.
      this.transport.destroy(false)
      this.blocked = true
      return
    }
    const buffers = size <= COPY_LIMIT && parts.length > 1 ? [joined(parts, size)] : parts.map(asBytes)
    if (!this.transport.writeBytes(buffers)) this.blocked = true
  }
}

function sizeOf(parts: readonly (string | Uint8Array)[]): number {
  let size = 0
  for (const part of parts) size += part.length
  return size
}

function joined(parts: readonly (string | Uint8Array)[], size: number): Uint8Array {
  const whole = Buffer.allocUnsafe(size)
  let at = 0
  for (const part of parts) {
    if (typeof part === 'string') {
      at += whole.write(part, at, 'latin1')
    } else {
      whole.set(part, at)
      at += part.length
    }
  }
  return whole
}

const asBytes = (part: string | Uint8Array): Uint8Array =>
  typeof part === 'string' ? Buffer.from(part, 'latin1') : part
