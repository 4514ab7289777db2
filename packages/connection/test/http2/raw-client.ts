/** A client of HTTP/2 that sends whatever frames a test asks for, right or wrong, and keeps what it receives. */
import net from 'node:net'

export const DATA = 0
export const HEADERS = 1
export const RST_STREAM = 3
export const SETTINGS = 4
export const PING = 6
export const GOAWAY = 7
export const WINDOW_UPDATE = 8
export const CONTINUATION = 9

export const ACK = 1
export const END_STREAM = 1
export const END_HEADERS = 4

export interface Frame {
  readonly type: number
  readonly flags: number
  readonly stream: number
  readonly payload: Buffer
}

export const PREFACE: Buffer = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1')

export function frame(type: number, flags: number, stream: number, payload: Uint8Array = new Uint8Array(0)): Buffer {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head[3] = type
  head[4] = flags
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}

/** Fields as literals without indexing (RFC 7541 §6.2.2). */
export function block(fields: readonly string[]): Buffer {
  const parts: Buffer[] = []
  for (let at = 0; at < fields.length; at += 2) {
    parts.push(Buffer.of(0), text(fields[at] as string), text(fields[at + 1] as string))
  }
  return Buffer.concat(parts)
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'latin1')
  const length: number[] = []
  let left = bytes.length
  if (left < 127) length.push(left)
  else {
    length.push(127)
    for (left -= 127; left >= 128; left >>= 7) length.push((left & 127) | 128)
    length.push(left)
  }
  return Buffer.concat([Buffer.from(length), bytes])
}

export function fieldsOf(path: string, method = 'GET'): string[] {
  return [':method', method, ':scheme', 'http', ':authority', 'a.test', ':path', path]
}

export function get(stream: number, path = '/', more: readonly string[] = []): Buffer {
  return frame(HEADERS, END_HEADERS | END_STREAM, stream, block([...fieldsOf(path), ...more]))
}

export function post(stream: number, path = '/', more: readonly string[] = []): Buffer {
  return frame(HEADERS, END_HEADERS, stream, block([...fieldsOf(path, 'POST'), ...more]))
}

export function setting(name: number, value: number): Buffer {
  const bytes = Buffer.alloc(6)
  bytes.writeUInt16BE(name, 0)
  bytes.writeUInt32BE(value, 2)
  return bytes
}

export function code(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

export class RawHttp2 {
  readonly frames: Frame[] = []
  closed = false
  readonly socket: net.Socket
  #rest: Buffer = Buffer.alloc(0)
  #wake: (() => void)[] = []

  /** Begins with the preface and `settings`. */
  constructor(port: number, settings: Uint8Array = new Uint8Array(0), preface: Uint8Array = PREFACE) {
    this.socket = net.connect(port, '127.0.0.1')
    this.socket.on('data', (bytes: Buffer) => this.#receive(bytes))
    this.socket.on('error', () => {})
    this.socket.on('close', () => {
      this.closed = true
      this.#changed()
    })
    this.send(preface, frame(SETTINGS, 0, 0, settings))
  }

  send(...frames: Uint8Array[]): this {
    if (this.socket.writable) this.socket.write(Buffer.concat(frames))
    return this
  }

  #receive(bytes: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, bytes])
    for (;;) {
      if (this.#rest.length < 9) break
      const length = this.#rest.readUIntBE(0, 3)
      if (this.#rest.length < 9 + length) break
      this.frames.push({
        type: this.#rest[3] as number,
        flags: this.#rest[4] as number,
        stream: this.#rest.readUInt32BE(5) & 0x7fffffff,
        payload: this.#rest.subarray(9, 9 + length),
      })
      this.#rest = this.#rest.subarray(9 + length)
    }
    this.#changed()
  }

  #changed(): void {
    for (const wake of this.#wake.splice(0)) wake()
  }

  async until(condition: () => boolean): Promise<this> {
    while (!condition()) {
      if (this.closed) throw new Error(`the connection closed after ${JSON.stringify(this.frames)}`)
      await new Promise<void>((resolve) => this.#wake.push(resolve))
    }
    return this
  }

  async toClose(): Promise<this> {
    while (!this.closed) await new Promise<void>((resolve) => this.#wake.push(resolve))
    return this
  }

  of(type: number, stream?: number): Frame[] {
    return this.frames.filter((frame) => frame.type === type && (stream === undefined || frame.stream === stream))
  }

  /** Of a stream: it ended, or was reset. */
  ended(stream: number): boolean {
    return this.frames.some(
      (frame) =>
        frame.stream === stream &&
        (frame.type === RST_STREAM ||
          ((frame.type === DATA || frame.type === HEADERS) && (frame.flags & END_STREAM) !== 0)),
    )
  }

  body(stream: number): string {
    return Buffer.concat(this.of(DATA, stream).map(({ payload }) => payload)).toString('latin1')
  }

  /** The error code of a GOAWAY; `null` while there is none. */
  get goaway(): number | null {
    return this.of(GOAWAY).at(-1)?.payload.readUInt32BE(4) ?? null
  }

  /** The error code that a stream was reset with. */
  reset(stream: number): number | null {
    return this.of(RST_STREAM, stream)[0]?.payload.readUInt32BE(0) ?? null
  }
}
