/** Frames of RFC 6455 §5.2 made and read by hand, independent of the codec under test. */

export const CONTINUATION = 0
export const TEXT = 1
export const BINARY = 2
export const CLOSE = 8
export const PING = 9
export const PONG = 10

export interface FrameOptions {
  /** The last of its message. Default true. */
  readonly fin?: boolean
  /** Bits 1, 2 and 3 that are reserved, as one number: 4 is the first. */
  readonly reserved?: number
  readonly masked?: boolean
  /** Declared in place of the true length. */
  readonly length?: number
}

const MASK = [0x12, 0x34, 0x56, 0x78]

/** A frame as a client sends it. */
export function frame(opcode: number, payload: string | Uint8Array = '', options: FrameOptions = {}): Buffer {
  const content = Buffer.from(payload as string)
  const { fin = true, reserved = 0, masked = true, length = content.length } = options
  const head = [(fin ? 0x80 : 0) | (reserved << 4) | opcode]
  const bit = masked ? 0x80 : 0
  if (length < 126) head.push(bit | length)
  else if (length < 65_536) head.push(bit | 126, length >> 8, length & 0xff)
  else head.push(bit | 127, ...new Uint8Array(lengthBytes(length)))
  if (!masked) return Buffer.concat([Buffer.from(head), content])
  const hidden = content.map((byte, index) => byte ^ (MASK[index % 4] ?? 0))
  return Buffer.concat([Buffer.from(head), Buffer.from(MASK), hidden])
}

function lengthBytes(length: number): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(8))
  view.setBigUint64(0, BigInt(length))
  return view.buffer
}

/** The payload of a close. */
export function closing(code: number, reason: string | Uint8Array = ''): Buffer {
  return Buffer.concat([Buffer.from([code >> 8, code & 0xff]), Buffer.from(reason as string)])
}

export interface ServerFrame {
  readonly fin: boolean
  readonly reserved: number
  readonly opcode: number
  readonly payload: Buffer
}

/** The first frame of what a server sent, and the rest; `null` while it is not all there. */
export function readFrame(bytes: Buffer): { readonly frame: ServerFrame; readonly rest: Buffer } | null {
  if (bytes.length < 2) return null
  const [first = 0, second = 0] = bytes
  if ((second & 0x80) !== 0) throw new Error('a frame of the server is masked')
  const short = second & 0x7f
  const at = short === 126 ? 4 : short === 127 ? 10 : 2
  if (bytes.length < at) return null
  const length = short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short
  // 5.2: the shortest form of the length.
  if ((short === 126 && length < 126) || (short === 127 && length < 65_536)) throw new Error('a length in a long form')
  if (bytes.length < at + length) return null
  const frame: ServerFrame = {
    fin: (first & 0x80) !== 0,
    reserved: (first >> 4) & 7,
    opcode: first & 15,
    payload: bytes.subarray(at, at + length),
  }
  return { frame, rest: bytes.subarray(at + length) }
}
