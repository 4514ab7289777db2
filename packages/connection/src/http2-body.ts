/** The body of an HTTP/2 request. The client's window opens only as the application reads. */
import type { ServerHttp2Stream } from 'node:http2'
import { BodyError, type BodySource, RequestInput } from '@tsgi/exchange'
import { ownCopy } from '@tsgi/exchange/body-memory'
import type { Bytes, HeaderList } from '@tsgi/spec'
import type { Limits, Timeouts } from '@tsgi/spec/server'
import { BodyPace } from './body-pace.ts'
import type { Clock } from './clock.ts'
import { readHttp2Trailers } from './http2-request.ts'

export class Http2Body implements BodySource {
  readonly input: RequestInput
  trailers: HeaderList | null = null
  readonly #stream: ServerHttp2Stream
  readonly #clock: Clock
  readonly #limits: Limits
  readonly #pace = new BodyPace()
  /** The client waits to be told to send. */
  #expected: boolean
  /** Taken from the stream, and not given out yet. */
  #rest: Buffer | null = null
  #received = 0
  #listens = false
  #discards = false
  readonly #wake = (): void => this.input.wake()
  #brokenTrailers = false

  constructor(stream: ServerHttp2Stream, expected: boolean, clock: Clock, limits: Limits) {
    this.#stream = stream
    this.#expected = expected
    this.#clock = clock
    this.#limits = limits
    this.input = new RequestInput(this)
    stream.on('trailers', (_fields: unknown, _flags: unknown, raw?: readonly string[]) => {
      if (raw === undefined || raw.length === 0) return
      this.trailers = readHttp2Trailers(raw, limits)
      this.#brokenTrailers = this.trailers === null
    })
  }

  /** What is too slow about it while a reader waits; `null` while nothing is. */
  complaint(now: number, timeouts: Timeouts): string | null {
    return this.#pace.complaint(now, timeouts)
  }

  pull(size: number): Bytes | null | 'end' {
    const stream = this.#stream
    if (this.#expected) {
      this.#expected = false
      // 9110 §10.1.1: asked for, and now wanted.
      if (!stream.headersSent && !stream.destroyed) stream.additionalHeaders({ ':status': 100 })
    }
    const bytes = this.#rest ?? (stream.read() as Buffer | null)
    // Its end may have been before anybody listened for it.
    if (bytes === null) return stream.readableEnded ? this.#end() : null
    if (this.#rest === null) {
      this.#received += bytes.length
      this.#pace.received(bytes.length, this.#clock.now)
    }
    if (this.#received > this.#limits.maxBodySize) {
      throw new BodyError(413, `the body is larger than ${this.#limits.maxBodySize} bytes`)
    }
    this.#rest = bytes.length > size ? bytes.subarray(size) : null
    // The caller's to keep; what the library gives may share its memory with bytes of other streams.
    return ownCopy(bytes.subarray(0, size))
  }

  #end(): 'end' {
    this.#pace.received(0, this.#clock.now)
    if (this.#brokenTrailers) throw new BodyError(400, 'the fields after the body break the rules of trailers')
    return 'end'
  }

  want(): void {
    this.#pace.want(this.#clock.now)
    if (this.#listens) return
    this.#listens = true
    // From now on the client's window opens as far as the stream's own buffer.
    this.#stream.on('readable', this.#wake)
    this.#stream.on('end', this.#wake)
  }

  /** Nobody reads the rest. The library keeps a stream, also one that was reset, until the last byte that it received is taken. */
  discard(): void {
    this.#rest = null
    if (this.#discards) return
    this.#discards = true
    this.#stream.off('readable', this.#wake).off('end', this.#wake).resume()
  }
}
