/**
 * Frames between the bridge and a worker (PROTOCOL.md): `u32 length, u32 id, u8 kind`, little-endian, then `length` bytes.
 */

/** Kinds of frames that a worker receives. */
export const TO_WORKER = { request: 1, data: 2, fail: 3, cancel: 4, window: 5, stop: 6 } as const

/** Kinds of frames that a worker sends. */
export const FROM_WORKER = {
  response: 16,
  head: 17,
  chunk: 18,
  end: 19,
  error: 20,
  want: 21,
  log: 22,
  ready: 23,
  failed: 24,
} as const

/** Raised when frames or their payloads change incompatibly; a worker refuses a version that it does not know. */
export const PROTOCOL_VERSION = 1

/** Bytes of a response that a worker may send before it hears of room for more. */
export const RESPONSE_WINDOW: number = 256 * 1024

export const HEADER_SIZE = 9

/** A number as four bytes, one character each. */
export const u32 = (n: number): string =>
  String.fromCharCode(n & 255, (n >>> 8) & 255, (n >>> 16) & 255, (n >>> 24) & 255)

/** The nine bytes before a payload, one character each: a lane joins texts, which costs less than joining buffers. */
export const frameHeader = (length: number, id: number, kind: number): string =>
  String.fromCharCode(
    length & 255,
    (length >>> 8) & 255,
    (length >>> 16) & 255,
    length >>> 24,
    id & 255,
    (id >>> 8) & 255,
    (id >>> 16) & 255,
    id >>> 24,
    kind,
  )

/** Called with each frame: its payload is `data` from `start` to `end`. */
export type FrameHandler = (kind: number, id: number, data: Buffer, start: number, end: number) => void

/** Cuts what a socket delivers into frames. */
export class FrameReader {
  readonly #handle: FrameHandler
  #parts: Buffer[] = []
  #have = 0
  #need = HEADER_SIZE

  constructor(handle: FrameHandler) {
    this.#handle = handle
  }

  push(received: Buffer): void {
    let data = received
    if (this.#have > 0) {
      this.#parts.push(data)
      this.#have += data.length
      // Joined when a frame is there, not at each piece of it: a large frame arrives in hundreds of pieces.
      if (this.#have < this.#need) return
      data = Buffer.concat(this.#parts)
    }
    let at = 0
    while (data.length - at >= HEADER_SIZE) {
      const start = at + HEADER_SIZE
      const end = start + data.readUInt32LE(at)
      if (end > data.length) break
      this.#handle(data[at + 8] as number, data.readUInt32LE(at + 4), data, start, end)
      at = end
    }
    const rest = data.subarray(at)
    this.#parts = rest.length === 0 ? [] : [rest]
    this.#have = rest.length
    this.#need = rest.length < HEADER_SIZE ? HEADER_SIZE : HEADER_SIZE + rest.readUInt32LE(0)
  }
}
