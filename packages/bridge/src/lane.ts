import type { Readable, Writable } from 'node:stream'
import type { Call } from './call.ts'
import { environBlock } from './environ-block.ts'
import { FrameReader, frameHeader, FROM_WORKER, RESPONSE_WINDOW, TO_WORKER, u32 } from './frames.ts'

/** What a lane tells its worker. */
export interface LaneOwner {
  ready(text: string): void
  failed(text: string): void
  /** For the log. */
  wrote(text: string): void
  /** The error of an application, from its traceback. */
  raised(traceback: string): Error
  /** A call has ended, however it did. */
  finished(lane: Lane): void
  /** Nothing more can pass: the calls that the lane held, of which only the first had begun. */
  closed(lane: Lane, calls: readonly Call[]): void
}

/** Flags of a REQUEST frame. */
const BODY_FOLLOWS = 1
const MULTIPROCESS = 2
const RUN_ONCE = 4
const HTTPS = 8

const EMPTY = Buffer.alloc(0)

/**
 * One connection to a worker, and the thread behind it. It answers calls in the order in which they were sent: of those it
 * holds, the first is at work and the others have not begun.
 */
export class Lane {
  readonly #owner: LaneOwner
  readonly #output: Writable
  readonly #multiprocess: boolean
  readonly #calls: Call[] = []
  readonly #byId = new Map<number, Call>()
  #text = ''
  #scheduled = false
  #open = true

  /**
   * @param output what the worker receives
   * @param input what the worker sends; the same stream where that is a socket
   * @param multiprocess whether other processes of the pool run the application as well
   */
  constructor(owner: LaneOwner, output: Writable, input: Readable, multiprocess: boolean) {
    this.#owner = owner
    this.#output = output
    this.#multiprocess = multiprocess
    const reader = new FrameReader((kind, id, data, start, end) => this.#handle(kind, id, data, start, end))
    input.on('data', (data: Buffer) => reader.push(data))
    input.on('close', () => this.#close())
    // The end of a stream says that its worker is gone.
    for (const stream of new Set([input, output])) stream.on('error', () => {})
  }

  get size(): number {
    return this.#calls.length
  }

  /** The call that is at work. */
  get current(): Call | undefined {
    return this.#calls[0]
  }

  send(call: Call): void {
    if (this.#calls.push(call) === 1) call.movedAt = performance.now()
    this.#byId.set(call.id, call)
    call.room = RESPONSE_WINDOW
    const { body, environ, id } = call
    const inline = body instanceof Uint8Array ? body : EMPTY
    const block = environBlock(environ, body === null ? undefined : body.length)
    const flags =
      (body !== null && !(body instanceof Uint8Array) ? BODY_FOLLOWS : 0) |
      (environ.multiprocess || this.#multiprocess ? MULTIPROCESS : 0) |
      (environ.runOnce ? RUN_ONCE : 0) |
      (environ.urlScheme === 'https' ? HTTPS : 0)
    const length = 5 + block.length + inline.length
    this.#post(
      frameHeader(length, id, TO_WORKER.request) + String.fromCharCode(flags) + u32(block.length) + block,
      inline,
    )
  }

  /** The client of a call has left. The worker still ends it, in its turn, so that both sides count alike. */
  cancel(call: Call): void {
    if (!this.#byId.has(call.id)) return
    this.#moves(call)
    this.#post(frameHeader(0, call.id, TO_WORKER.cancel))
  }

  /** Asks the worker to end once it has answered what it was sent. */
  stop(): void {
    this.#post(frameHeader(0, 0, TO_WORKER.stop))
  }

  /** What one turn of the event loop posts leaves with one write: several requests then wake the worker once. */
  #post(text: string, bytes: Uint8Array = EMPTY): void {
    if (!this.#open) return
    this.#text += text
    if (bytes.length > 0) {
      this.#output.cork()
      this.#flush()
      this.#output.write(bytes)
      this.#output.uncork()
    } else if (!this.#scheduled) {
      this.#scheduled = true
      setImmediate(() => this.#flush())
    }
  }

  #flush(): void {
    this.#scheduled = false
    if (this.#text === '' || !this.#open) return
    const text = this.#text
    this.#text = ''
    this.#output.write(text, 'latin1')
  }

  #handle(kind: number, id: number, data: Buffer, start: number, end: number): void {
    if (kind === FROM_WORKER.ready) return this.#owner.ready(data.toString('utf8', start, end))
    if (kind === FROM_WORKER.failed) return this.#owner.failed(data.toString('utf8', start, end))
    const call = this.#byId.get(id)
    if (call === undefined) {
      // What is logged while a response is closed arrives after its end.
      if (kind === FROM_WORKER.log) this.#owner.wrote(data.toString('utf8', start, end))
      return
    }
    call.movedAt = performance.now()
    switch (kind) {
      case FROM_WORKER.response: {
        const body = start + 4 + data.readUInt32LE(start)
        this.#done(call)
        call.answer(data.toString('latin1', start + 4, body), data.subarray(body, end))
        break
      }
      case FROM_WORKER.head: {
        const side = {
          taken: (bytes: number) => this.#grant(call, bytes),
          abandoned: () => this.cancel(call),
        }
        if (!call.begin(data.toString('latin1', start, end), side)) this.cancel(call)
        break
      }
      case FROM_WORKER.chunk:
        if (end === start) {
          call.flush()
          break
        }
        call.room -= end - start
        if (call.room <= 0) call.waiting = 'client'
        call.push(data.subarray(start, end))
        break
      case FROM_WORKER.end:
        this.#done(call)
        call.end()
        break
      case FROM_WORKER.error:
        this.#done(call)
        call.fail(call.inputError ?? this.#owner.raised(data.toString('utf8', start, end)))
        break
      case FROM_WORKER.want:
        call.waiting = 'client'
        void this.#feed(call, data.readUInt32LE(start))
        break
      case FROM_WORKER.log:
        // An empty one is a sign of life, and no text.
        if (end > start) call.log(data.toString('utf8', start, end))
        break
    }
  }

  #grant(call: Call, bytes: number): void {
    if (!this.#byId.has(call.id)) return
    call.room += bytes
    this.#moves(call)
    this.#post(frameHeader(4, call.id, TO_WORKER.window) + u32(bytes))
  }

  async #feed(call: Call, size: number): Promise<void> {
    const { body } = call
    try {
      const bytes = body === null || body instanceof Uint8Array ? EMPTY : await body.read(size)
      this.#moves(call)
      this.#post(frameHeader(bytes.length, call.id, TO_WORKER.data), bytes)
    } catch (error) {
      call.inputError = error
      const text = Buffer.from(error instanceof Error ? error.message : String(error))
      this.#moves(call)
      this.#post(frameHeader(text.length, call.id, TO_WORKER.fail), text)
    }
  }

  #moves(call: Call): void {
    call.waiting = 'worker'
    if (call.movedAt !== 0) call.movedAt = performance.now()
  }

  #done(call: Call): void {
    if (this.#calls[0] === call) this.#calls.shift()
    else this.#calls.splice(this.#calls.indexOf(call), 1)
    this.#byId.delete(call.id)
    const next = this.#calls[0]
    if (next !== undefined && next.movedAt === 0) next.movedAt = performance.now()
    this.#owner.finished(this)
  }

  #close(): void {
    if (!this.#open) return
    this.#open = false
    const calls = this.#calls.splice(0)
    this.#byId.clear()
    this.#owner.closed(this, calls)
  }
}
