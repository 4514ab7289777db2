/** A client of a WebSocket without a socket: raw bytes in, frames out. */
import type {
  Application,
  Awaitable,
  Body,
  BodyWriter,
  Bytes,
  Environ,
  HeaderList,
  Input,
  ServerContext,
  UpgradeHandler,
} from '@tsgi/spec'
import { webSocket, type Closing, type WebSocketConnection, type WebSocketHandler } from '../src/index.ts'
import type { WebSocketOptions } from '../src/index.ts'
import { CLOSE, closing, frame, type FrameOptions, readFrame, type ServerFrame } from './frames.ts'

export const KEY = 'dGhlIHNhbXBsZSBub25jZQ=='

export const HANDSHAKE: HeaderList = [
  'host',
  'test.example',
  'connection',
  'Upgrade',
  'upgrade',
  'websocket',
  'sec-websocket-version',
  '13',
  'sec-websocket-key',
  KEY,
]

export interface Answer {
  readonly status: number
  readonly headers: HeaderList
  readonly body: Awaitable<Body>
  readonly run: UpgradeHandler | null
}

export interface ShakeOptions {
  readonly environ?: Partial<Environ>
  readonly server?: Partial<ServerContext>
  /** Absent: the server has no upgrade to offer. */
  readonly offered?: boolean
}

/** Answers a handshake, and calls no handler yet. */
export const shake = (
  headers: HeaderList,
  options: WebSocketOptions = {},
  handler: WebSocketHandler = () => {},
  given: ShakeOptions = {},
): Answer => shakeWith((environ, startResponse) => webSocket(environ, startResponse, options, handler), headers, given)

/** The same with an application. */
export function shakeWith(
  application: Application,
  headers: HeaderList,
  { environ = {}, server = {}, offered = true }: ShakeOptions = {},
): Answer {
  let status = 0
  let fields: HeaderList = []
  let run: UpgradeHandler | null = null
  const context: ServerContext = {
    name: 'test/1',
    signal: new AbortController().signal,
    onFinish() {},
    flush() {},
    ...(offered && {
      upgrade(_protocol: string, given: HeaderList, handler: UpgradeHandler): null {
        status = 101
        fields = given
        run = handler
        return null
      },
    }),
    ...server,
  }
  const whole: Environ = {
    version: [1, 0],
    requestMethod: 'GET',
    scriptName: '',
    pathInfo: '/',
    queryString: '',
    serverName: 'test.example',
    serverPort: 80,
    serverProtocol: 'HTTP/1.1',
    urlScheme: 'http',
    remoteAddr: '192.0.2.1',
    remotePort: 1234,
    headers,
    multithread: true,
    multiprocess: false,
    runOnce: false,
    input: new WireInput(),
    errors: { write: (text) => void process.stderr.write(text), flush() {} },
    server: context,
    ...environ,
  }
  const body = application(whole, (given, list) => ((status = given), (fields = list)))
  return { status, headers: fields, body, run }
}

class WireInput implements Input {
  readonly trailers = null
  #bytes: Buffer<ArrayBuffer> = Buffer.alloc(0)
  #ended = false
  #lost = false
  #waiting: PromiseWithResolvers<Bytes> | null = null
  /** Bytes that were sent and not read yet. */
  get unread(): number {
    return this.#bytes.length
  }

  send(bytes: Uint8Array): void {
    this.#bytes = Buffer.concat([this.#bytes, bytes])
    this.#wake()
  }

  end(): void {
    this.#ended = true
    this.#wake()
  }

  lose(): void {
    this.#lost = true
    this.#wake()
  }

  read(size = 64 * 1024): Bytes | Promise<Bytes> {
    if (this.#waiting !== null) throw new Error('a read while another was pending')
    if (this.#lost) return Promise.reject(new Error('the client is gone'))
    if (this.#bytes.length > 0 || this.#ended) return this.#take(size)
    this.#waiting = Promise.withResolvers()
    return this.#waiting.promise
  }

  [Symbol.asyncIterator](): AsyncIterator<Bytes> {
    throw new Error('not used')
  }

  #take(size: number): Bytes {
    const bytes = new Uint8Array(this.#bytes.subarray(0, size))
    this.#bytes = this.#bytes.subarray(bytes.length)
    return bytes
  }

  #wake(): void {
    const waiting = this.#waiting
    if (waiting === null) return
    this.#waiting = null
    if (this.#lost) waiting.reject(new Error('the client is gone'))
    else waiting.resolve(this.#take(64 * 1024))
  }
}

/** A handler that may also do what its client does. */
export type WireHandler = (socket: WebSocketConnection, wire: Wire) => Awaitable<void>

export class Wire {
  readonly headers: HeaderList
  /** What the handler was given. */
  readonly socket: Promise<WebSocketConnection>
  /** Settles when the server may close the connection. */
  readonly done: Promise<void>
  readonly #input = new WireInput()
  #received: Buffer = Buffer.alloc(0)
  #more = Promise.withResolvers<void>()
  #room: PromiseWithResolvers<void> | null = null

  constructor(handler: WireHandler, options: WebSocketOptions, fields: HeaderList, server: Partial<ServerContext>) {
    const given = Promise.withResolvers<WebSocketConnection>()
    const answer = shake(
      [...HANDSHAKE, ...fields],
      options,
      (socket) => {
        given.resolve(socket)
        return handler(socket, this)
      },
      { server },
    )
    if (answer.run === null) throw new Error(`expected 101, got ${answer.status}: ${String(answer.body)}`)
    this.headers = answer.headers
    this.socket = given.promise
    const out: BodyWriter = {
      write: (chunk) => {
        this.#received = Buffer.concat([this.#received, Buffer.from(chunk as string)])
        this.#more.resolve()
        return this.#room?.promise
      },
      flush() {},
    }
    this.done = Promise.resolve(answer.run(this.#input, out))
    this.done.catch(() => {})
  }

  get unread(): number {
    return this.#input.unread
  }

  get received(): number {
    return this.#received.length
  }

  /** Sends bytes as they are. */
  bytes(...parts: readonly Uint8Array[]): this {
    this.#input.send(Buffer.concat(parts))
    return this
  }

  send(opcode: number, payload: string | Uint8Array = '', options: FrameOptions = {}): this {
    return this.bytes(frame(opcode, payload, options))
  }

  close(code: number, reason = ''): this {
    return this.send(CLOSE, closing(code, reason))
  }

  /** Ends its side without a close. */
  end(): this {
    this.#input.end()
    return this
  }

  /** Is gone: what is read or written fails. */
  lose(): void {
    this.#input.lose()
    this.#room?.reject(new Error('the client is gone'))
  }

  /** Takes no more: a writer is asked to wait. */
  stall(): void {
    this.#room = Promise.withResolvers()
    this.#room.promise.catch(() => {})
  }

  /** Takes what waited. */
  drain(): void {
    this.#room?.resolve()
    this.#room = null
  }

  async frame(): Promise<ServerFrame> {
    for (;;) {
      const read = readFrame(this.#received)
      if (read !== null) {
        this.#received = read.rest
        return read.frame
      }
      this.#more = Promise.withResolvers()
      await this.#more.promise
    }
  }

  async text(): Promise<string> {
    return (await this.frame()).payload.toString()
  }

  /** The close that the server sends next; before it, other frames are passed over. */
  async closing(): Promise<Closing> {
    for (;;) {
      const { opcode, payload } = await this.frame()
      if (opcode !== CLOSE) continue
      if (payload.length === 0) return { code: 1005, reason: '' }
      return { code: payload.readUInt16BE(0), reason: payload.subarray(2).toString() }
    }
  }
}

export const connect = (
  handler: WireHandler,
  options: WebSocketOptions = {},
  fields: HeaderList = [],
  server: Partial<ServerContext> = {},
): Wire => new Wire(handler, options, fields, server)

export const echo: WebSocketHandler = async (socket) => {
  for await (const message of socket) await socket.send(message)
}
