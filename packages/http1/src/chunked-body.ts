/**
 * The chunked transfer coding (RFC 9112 §7.1) as a small machine:
 *
 *     size-line ──0──▶ trailers ──▶ done
 *        ▲  │ n
 *        │  ▼
 *     data-end ◀── data
 */
import type { ByteWindow } from './byte-window.ts'
import { BYTE_CLASSES, HEX, VALUE } from './byte-classes.ts'
import { areChunkExtensions } from './chunk-extensions.ts'
import { byteName, Fault } from './fault.ts'
import { FieldSection, readFieldSection } from './field-section.ts'
import { MAX_CHUNK_EXTENSIONS_SIZE, MAX_CHUNK_LINE_SIZE, type MessageLimits } from './parser-limits.ts'

const CR = 0x0d
const LF = 0x0a
/** Chunks smaller than this are joined with what follows them: a piece for each would cost hundreds of times its size. */
const SMALL = 2048
/** Where chunks are joined. One for the process: what `next` returns is lent until it is called again. */
const JOINED = Buffer.allocUnsafeSlow(16 * 1024)
/** 2^52 bytes: more digits cannot be added up exactly, and nobody sends them. Leading zeros count too. */
const MAX_SIZE_DIGITS = 13

export class ChunkedBody {
  #state: 'size-line' | 'data' | 'data-end' | 'trailers' = 'size-line'
  #left = 0
  #received = 0
  #extensions = 0
  /** What was found behind joined chunks: the end, or why there is none. */
  #found: true | Fault | null = null
  readonly #trailers = new FieldSection()
  readonly #limits: MessageLimits

  constructor(limits: MessageLimits) {
    this.#limits = limits
  }

  /** Flat list; `null` when there were none. */
  get trailers(): readonly string[] | null {
    return this.#trailers.list.length > 0 ? this.#trailers.list : null
  }

  /**
   * The next piece of data; `true` at the end of the trailers, `false` when more bytes are needed. Small chunks that arrived
   * together are one piece (RFC 9112 §7.1: their borders mean nothing).
   */
  next(window: ByteWindow, maxData: number): Uint8Array | boolean | Fault {
    if (this.#found !== null) return this.#found
    const found = this.#toData(window)
    if (found !== 'data') return found
    const first = this.#take(window, maxData)
    return first.length < SMALL && window.length > 0 ? this.#joined(first, window, maxData) : first
  }

  #joined(first: Uint8Array, window: ByteWindow, maxData: number): Uint8Array {
    const most = Math.min(JOINED.length, maxData)
    let piece = first
    let size = 0
    for (;;) {
      JOINED.set(piece, size)
      size += piece.length
      if (size === most) break
      const found = this.#toData(window)
      if (found !== 'data') {
        if (found !== false) this.#found = found
        break
      }
      if (this.#left >= SMALL) break
      piece = this.#take(window, most - size)
    }
    return size === first.length ? first : JOINED.subarray(0, size)
  }

  #take(window: ByteWindow, most: number): Uint8Array {
    const start = window.position
    const stop = Math.min(window.end, start + this.#left, start + most)
    this.#left -= stop - start
    window.position = stop
    if (this.#left === 0) this.#state = 'data-end'
    return window.bytes.subarray(start, stop)
  }

  /** Up to where there is data to take; else as {@link next}. */
  #toData(window: ByteWindow): 'data' | boolean | Fault {
    for (;;) {
      switch (this.#state) {
        case 'size-line': {
          const size = this.#readSizeLine(window)
          if (typeof size !== 'number') return size
          this.#left = size
          this.#received += size
          if (this.#received > this.#limits.maxBodySize) {
            return new Fault(413, `the body is larger than ${this.#limits.maxBodySize} bytes`)
          }
          this.#state = size === 0 ? 'trailers' : 'data'
          break
        }
        case 'data':
          return window.length > 0 && 'data'
        case 'data-end': {
          const { bytes, position } = window
          if (window.length > 0 && bytes[position] !== CR) {
            return new Fault(400, `a chunk ends with CRLF; came ${byteName(bytes[position])}`)
          }
          if (window.length < 2) return false
          if (bytes[position + 1] !== LF) return new Fault(400, 'a chunk ends with CRLF; came a bare CR')
          window.position += 2
          this.#state = 'size-line'
          break
        }
        case 'trailers':
          return readFieldSection(window, this.#trailers, this.#limits, true)
      }
    }
  }

  /** `chunk-size [ chunk-ext ] CRLF`. `false`: more bytes are needed. */
  #readSizeLine(window: ByteWindow): number | false | Fault {
    const { bytes, end, position: start } = window
    let at = start
    while (at < end && ((BYTE_CLASSES[bytes[at] as number] as number) & HEX) !== 0) at++
    const digitsEnd = at
    if (digitsEnd - start > MAX_SIZE_DIGITS) return new Fault(400, `a chunk size has at most ${MAX_SIZE_DIGITS} digits`)
    if (at === end) return false
    if (digitsEnd === start) {
      return new Fault(400, `a chunk begins with its size in hexadecimal digits; came ${byteName(bytes[at])}`)
    }
    while (at < end && ((BYTE_CLASSES[bytes[at] as number] as number) & VALUE) !== 0) at++
    if (at - start > MAX_CHUNK_LINE_SIZE) return new Fault(400, `a chunk line is at most ${MAX_CHUNK_LINE_SIZE} bytes`)
    if (at === end) return false
    if (bytes[at] !== CR) return new Fault(400, `a chunk line ends with CRLF; came ${byteName(bytes[at])}`)
    if (at + 1 === end) return false
    if (bytes[at + 1] !== LF) return new Fault(400, 'a chunk line ends with CRLF; came a bare CR')
    if (at > digitsEnd) {
      this.#extensions += at - digitsEnd
      if (this.#extensions > MAX_CHUNK_EXTENSIONS_SIZE || !areChunkExtensions(window.text(digitsEnd, at))) {
        return new Fault(400, 'the chunk extensions break their grammar or are too many')
      }
    }
    window.position = at + 2
    return Number.parseInt(window.text(start, digitsEnd), 16)
  }
}
