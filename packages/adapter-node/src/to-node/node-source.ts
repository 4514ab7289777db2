/** A Node stream as the source of an input: pulled, so that a sender is no faster than its reader. */
import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { BodyError, type BodySource, RequestInput } from '@tsgi/exchange'
import type { Bytes, HeaderList } from '@tsgi/spec'
import { type BodyClock } from './body-clock.ts'
import { lowerCaseList } from './request-environ.ts'

export interface NodeSourceOptions {
  /** Bytes; more is 413. */
  readonly maxBodySize: number
  /** Measures the sender; `null` where it may take any time. */
  readonly clock: BodyClock | null
  /** Sends `100 Continue`. */
  readonly onFirstRead: (() => void) | null
}

export class NodeSource implements BodySource {
  readonly input: RequestInput = new RequestInput(this)
  readonly #stream: Readable
  readonly #options: NodeSourceOptions
  #listening = false
  readonly #onReadable = (): void => this.#wake()
  #received = 0
  #ended = false

  constructor(stream: Readable, options: NodeSourceOptions) {
    this.#stream = stream
    this.#options = options
  }

  get trailers(): HeaderList | null {
    const raw = (this.#stream as Partial<IncomingMessage>).rawTrailers
    return raw !== undefined && raw.length > 0 ? lowerCaseList(raw) : null
  }

  pull(size: number): Bytes | null | 'end' {
    if (!this.#listening) this.#listen()
    if (this.#ended) return 'end'
    const stream = this.#stream
    // Asked for more than there is, a stream waits until it has all of it.
    const bytes = stream.read(size >= stream.readableLength ? undefined : size) as Bytes | null
    if (bytes === null) return null
    this.#received += bytes.byteLength
    this.#options.clock?.received(bytes.byteLength)
    if (this.#received <= this.#options.maxBodySize) return bytes
    throw new BodyError(413, `the body is larger than ${this.#options.maxBodySize} bytes`)
  }

  want(): void {
    this.#options.clock?.want((complaint) => this.input.fail(new BodyError(408, complaint)))
  }

  /**
   * The response is out. Node throws away an unread body, so that the next request can come, but not one that somebody has
   * begun to read: that is ours to do then.
   */
  release(): void {
    if (!this.#listening || this.#ended) return
    this.#stream.off('readable', this.#onReadable)
    this.#stream.resume()
  }

  #listen(): void {
    this.#listening = true
    const stream = this.#stream
    // Read by something else, as by a body parser in front of a mounted application.
    if (stream.readableEnded) {
      this.#ended = true
      return
    }
    this.#options.onFirstRead?.()
    stream.on('readable', this.#onReadable)
    stream.on('end', () => {
      this.#ended = true
      this.#wake()
    })
    stream.on('error', () => this.#cutShort())
    stream.on('close', () => this.#cutShort())
    if (stream.destroyed) this.#cutShort()
  }

  #wake(): void {
    this.#options.clock?.stop()
    this.input.wake()
  }

  #cutShort(): void {
    this.#options.clock?.stop()
    if (!this.#ended) this.input.fail(new BodyError(400, 'the client left before the body was complete'))
  }
}
