/** A worker seen from the other end of its lane: frames in, frames out, nothing of the pool in between. */
import { spawn, type ChildProcess } from 'node:child_process'
import { Duplex } from 'node:stream'
import { FrameReader, frameHeader, PROTOCOL_VERSION, TO_WORKER, u32 } from '../frames.ts'
import type { Language } from '../language.ts'

export interface RequestParts {
  /** A body that is sent with the request. */
  readonly body?: string
  /** Whether the body is sent when it is wanted. */
  readonly follows?: boolean
  /** More of the environ, as text of a frame. */
  readonly more?: string
}

export interface Frame {
  readonly kind: number
  readonly id: number
  readonly payload: Buffer
}

/** How long a worker may take for a frame, in milliseconds. A worker that is right takes a few. */
const PATIENCE = 15_000

export class Wire {
  readonly child: ChildProcess
  /** What it wrote to standard output and standard error. */
  output = ''
  readonly exited: Promise<void>
  readonly #lane: Duplex
  readonly #frames: Frame[] = []
  #wake: (() => void) | null = null
  #ended = false

  constructor({ command }: Language, app: string, cwd: string) {
    const settings = { protocol: PROTOCOL_VERSION, lanes: 1, strict: false, software: 'tsgi-bridge-kit' }
    this.child = spawn(command.file, [...command.args, app, JSON.stringify(settings)], {
      cwd,
      env: { ...process.env, ...command.env },
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    })
    for (const output of [this.child.stdout, this.child.stderr]) {
      output?.setEncoding('utf8').on('data', (text: string) => (this.output += text))
    }
    const lane = this.child.stdio[3]
    if (!(lane instanceof Duplex)) throw new TypeError('expected a socket for the lane')
    this.#lane = lane
    const reader = new FrameReader((kind, id, data, start, end) => {
      this.#frames.push({ kind, id, payload: Buffer.from(data.subarray(start, end)) })
    })
    lane.on('data', (data: Buffer) => {
      reader.push(data)
      this.#stir()
    })
    lane.on('error', () => {})
    lane.on('close', () => {
      this.#ended = true
      this.#stir()
    })
    this.exited = new Promise((resolve) => {
      this.child.on('error', () => resolve())
      this.child.on('close', () => resolve())
    })
  }

  send(kind: number, id: number, payload: string | Uint8Array = ''): void {
    const bytes = typeof payload === 'string' ? Buffer.from(payload, 'latin1') : payload
    this.#lane.write(Buffer.concat([Buffer.from(frameHeader(bytes.length, id, kind), 'latin1'), bytes]))
  }

  /** A request as a frame. `body` is sent with it; `follows` says that it is sent when it is wanted. */
  request(id: number, path: string, { body = '', follows = false, more = '' }: RequestParts = {}): void {
    const [name = '', query = ''] = path.split('?')
    const method = body !== '' || follows ? 'POST' : 'GET'
    const length = body !== '' && more === '' ? `\0CONTENT_LENGTH\0${body.length}` : more
    const environ = `REQUEST_METHOD\0${method}\0SCRIPT_NAME\0\0PATH_INFO\0${name}\0QUERY_STRING\0${query}\0REQUEST_URI\0${path}\0SERVER_NAME\0localhost\0SERVER_PORT\x0080\0SERVER_PROTOCOL\0HTTP/1.1\0REMOTE_ADDR\x00127.0.0.1\0REMOTE_PORT\x001${length}`
    this.send(TO_WORKER.request, id, `${follows ? '\x01' : '\0'}${u32(environ.length)}${environ}${body}`)
  }

  /**
   * The next frame.
   *
   * @throws Error where the worker sends none in time, or has closed its lane
   */
  async frame(): Promise<Frame> {
    const late = Date.now() + PATIENCE
    for (;;) {
      const next = this.#frames.shift()
      if (next !== undefined) return next
      if (this.#ended) throw new Error(`the worker closed its lane; it wrote: ${this.output}`)
      if (Date.now() >= late) throw new Error(`no frame within ${PATIENCE / 1000} s; the worker wrote: ${this.output}`)
      await this.#stirred(late - Date.now())
    }
  }

  /** Whether no frame arrives for `time` milliseconds. */
  async silent(time: number): Promise<boolean> {
    if (this.#frames.length === 0) await this.#stirred(time)
    return this.#frames.length === 0
  }

  end(): void {
    this.#lane.destroy()
  }

  async #stirred(time: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    await new Promise<void>((resolve) => {
      this.#wake = resolve
      timer = setTimeout(resolve, time)
    })
    clearTimeout(timer)
    this.#wake = null
  }

  #stir(): void {
    this.#wake?.()
  }
}
