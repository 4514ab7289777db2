/** A client that sends the bytes that it is told to and keeps what it gets, over a line in memory or a socket. */
import net from 'node:net'
import { type ReadResponse, readResponses } from '@tsgi/wire'
import { HeldTransport } from './held-transport.ts'

/** The client's end of a connection. */
interface Line {
  write(bytes: Buffer): void
  /** Ends the client's side. */
  end(): void
  /** Leaves without an orderly end. */
  reset(): void
  /** Takes nothing from now on. */
  pause(): void
  resume(): void
  /** Bytes that were written and have not left yet. */
  readonly waiting: number
}

/** What a line reports. */
interface LineEvents {
  received(bytes: Buffer): void
  ended(): void
  closed(error: Error | null): void
}

export class Client {
  received = ''
  /** Bytes that were received. */
  size = 0
  /** Off for large answers, of which only the size matters. */
  keep = true
  ended = false
  closed = false
  error: NodeJS.ErrnoException | null = null
  readonly #line: Line
  #wake: (() => void)[] = []

  constructor(connect: (events: LineEvents) => Line) {
    this.#line = connect({
      received: (bytes) => {
        this.size += bytes.length
        if (this.keep) this.received += bytes.toString('latin1')
        this.#changed()
      },
      ended: () => {
        this.ended = true
        this.#changed()
      },
      closed: (error) => {
        this.error = error
        this.closed = true
        this.#changed()
      },
    })
  }

  #changed(): void {
    for (const wake of this.#wake.splice(0)) wake()
  }

  send(text: string | Uint8Array): this {
    this.#line.write(typeof text === 'string' ? Buffer.from(text, 'latin1') : Buffer.from(text))
    return this
  }

  end(): this {
    this.#line.end()
    return this
  }

  reset(): void {
    this.#line.reset()
  }

  pause(): this {
    this.#line.pause()
    return this
  }

  resume(): void {
    this.#line.resume()
  }

  /** Bytes that were sent and have not left yet, since the server does not read. */
  get waiting(): number {
    return this.#line.waiting
  }

  /** Resolves once `condition` holds. */
  async until(condition: (client: this) => boolean): Promise<this> {
    while (!condition(this)) {
      if (this.closed) {
        throw new Error(`the connection closed (${String(this.error)}) after ${JSON.stringify(this.received)}`)
      }
      await new Promise<void>((resolve) => this.#wake.push(resolve))
    }
    return this
  }

  contains(text: string): Promise<this> {
    return this.until(() => this.received.includes(text))
  }

  /** What was received until the server ended its side. */
  async toEnd(): Promise<string> {
    while (!this.ended && !this.closed) await new Promise<void>((resolve) => this.#wake.push(resolve))
    return this.received
  }

  async toClose(): Promise<this> {
    while (!this.closed) await new Promise<void>((resolve) => this.#wake.push(resolve))
    return this
  }

  /** What was received until `count` responses with a length, or chunked, were complete. */
  async responses(count: number): Promise<ReadResponse[]> {
    await this.until(() => readResponses(this.received).length >= count)
    return readResponses(this.received)
  }
}

/** A line over a socket. */
export function socketLine(target: net.NetConnectOpts): (events: LineEvents) => Line {
  return (events) => {
    const socket = net.connect({ ...target, allowHalfOpen: true })
    let failure: Error | null = null
    socket.on('data', (bytes: Buffer) => events.received(bytes))
    socket.on('end', () => events.ended())
    socket.on('error', (error) => (failure = error))
    socket.on('close', () => events.closed(failure))
    return {
      write: (bytes) => void socket.write(bytes),
      end: () => void socket.end(),
      // A unix socket knows no reset.
      reset: () => void ('path' in target ? socket.destroy() : socket.resetAndDestroy()),
      pause: () => void socket.pause(),
      resume: () => void socket.resume(),
      get waiting() {
        return socket.writableLength
      },
    }
  }
}

/** A line in memory, over a transport that `accept` takes. */
export function memoryLine(accept: (transport: HeldTransport) => void): (events: LineEvents) => Line {
  return (events) => {
    const transport = new MemoryTransport(events)
    accept(transport)
    return {
      write: (bytes) => transport.arrive(bytes),
      end: () => transport.arrive(null),
      reset: () => transport.breakOff(),
      pause: () => transport.holdBack(),
      resume: () => transport.takeOn(),
      get waiting() {
        return transport.waiting
      },
    }
  }
}

/** The most that arrives at once, in bytes. */
const READ_SIZE = 64 * 1024
/** What a line in memory holds before the server is asked to wait, in bytes. */
const HIGH_WATER = 64 * 1024

const RESET = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })

/** The server's end of a line in memory. What the client sends arrives in later turns, and where the server reads. */
class MemoryTransport extends HeldTransport {
  override readonly remoteAddress = '127.0.0.1'
  override readonly localAddress = '127.0.0.1'
  readonly #client: LineEvents
  /** Not delivered to the server yet; `null` is the end. */
  readonly #arrived: (Buffer | null)[] = []
  #delivers = false
  /** What the client does not take; `null` where it takes everything. */
  #held: Buffer[] | null = null

  constructor(client: LineEvents) {
    super()
    this.#client = client
  }

  /** Bytes of the client, or its end. */
  arrive(bytes: Buffer | null): void {
    if (bytes === null) this.#arrived.push(null)
    else for (let at = 0; at < bytes.length; at += READ_SIZE) this.#arrived.push(bytes.subarray(at, at + READ_SIZE))
    this.#deliverSoon()
  }

  get waiting(): number {
    return this.#arrived.reduce((sum, bytes) => sum + (bytes?.length ?? 0), 0)
  }

  override resume(): void {
    super.resume()
    this.#deliverSoon()
  }

  #deliverSoon(): void {
    if (this.#delivers || this.#arrived.length === 0 || !this.reading) return
    this.#delivers = true
    setImmediate(() => {
      this.#delivers = false
      if (!this.reading || this.#isOver) return
      const next = this.#arrived.shift()
      if (next === null) this.receiveEnd()
      else if (next !== undefined) this.lend(next)
      this.#deliverSoon()
    })
  }

  get #isOver(): boolean {
    return this.state === 'destroyed' || this.state === 'reset'
  }

  holdBack(): void {
    this.#held ??= []
  }

  takeOn(): void {
    const held = this.#held ?? []
    this.#held = null
    if (this.#isOver) return
    for (const bytes of held) this.#client.received(bytes)
    this.drain()
  }

  override writeLatin1(text: string): boolean {
    return this.writeBytes([Buffer.from(text, 'latin1')])
  }

  override writeBytes(parts: readonly Uint8Array[]): boolean {
    if (this.#isOver) return false
    const bytes = Buffer.concat(parts)
    if (this.#held === null) {
      this.#client.received(bytes)
      return true
    }
    this.#held.push(bytes)
    this.queued += bytes.length
    return (this.roomy = this.queued < HIGH_WATER)
  }

  override end(): void {
    super.end()
    this.#client.ended()
  }

  override destroy(reset: boolean): void {
    if (this.#isOver) return
    super.destroy(reset)
    this.#client.closed(reset ? RESET : null)
  }

  /** The client leaves. */
  breakOff(): void {
    if (this.#isOver) return
    this.close(RESET)
    this.#client.closed(null)
  }
}
