/** The supervisor's end of the channel to a worker, and the worker's process. */
import type { ChildProcess } from 'node:child_process'
import { Socket } from 'node:net'
import { ProtocolError, parseFromWorker } from './from-worker.ts'
import { lineReader } from './lines.ts'
import { type SocketOrder, type FromWorker, ORDERS, REPORTS, type ToWorker } from './messages.ts'
import { Allowance } from './allowance.ts'
import { type SocketCourier, socketCourier } from './socket-courier.ts'

/** For what a worker has written before it exited to be read, in milliseconds. What it started may hold the channel open for longer. */
const LAST_READ = 500
/** Orders that a worker has not read, in bytes. Settings are not counted: certificates and an application's configuration may be larger. */
const UNREAD_LIMIT = 2 ** 20

export interface WorkerLinkEvents {
  onMessage(message: FromWorker): void
  /** It wrote what no worker of ours writes, or reads nothing. Nothing more is heard of it but its exit. */
  onBreach(reason: string): void
  /** The last event. */
  onExit(code: number | null, signal: string | null): void
}

export class WorkerLink {
  readonly #child: ChildProcess
  /** What the worker reports. */
  readonly #channel: Socket
  /** Its orders. */
  readonly #orders: Socket
  readonly #courier: SocketCourier | null
  readonly #events: WorkerLinkEvents
  readonly #allowance = new Allowance()
  #broken = false
  #unread = 0

  /** @param child with the channel as its descriptors 3 and 4, and Node's own channel where sockets may be sent to it */
  constructor(child: ChildProcess, events: WorkerLinkEvents) {
    const channel = pipeOf(child, REPORTS)
    this.#child = child
    this.#channel = channel
    this.#orders = pipeOf(child, ORDERS)
    this.#events = events
    this.#courier = child.connected
      ? socketCourier(child, () => this.#break('expected nothing but answers of the runtime on its channel'))
      : null
    const read = lineReader((line) => this.#hear(line))
    channel.on('data', (bytes: Buffer) => {
      if (this.#broken) return
      if (!this.#allowance.takeBytes(bytes.length)) this.#break('expected fewer bytes a second')
      else if (!read(bytes)) this.#break('expected shorter lines')
    })
    channel.on('error', () => {})
    // That it cannot be written to means that the worker is ending, which its exit says.
    this.#orders.on('error', () => {})
    this.#orders.on('data', () => this.#break('expected nothing on the pipe of its orders'))
    child.once('exit', (code, signal) => this.#whenRead(() => events.onExit(code, signal)))
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  send(message: ToWorker): void {
    if (this.#broken || this.#orders.destroyed || !this.#orders.writable) return
    const line = `${JSON.stringify(message)}\n`
    if (message.type === 'init' || message.type === 'renew') {
      this.#orders.write(line)
      return
    }
    const size = Buffer.byteLength(line)
    this.#unread += size
    this.#orders.write(line, () => (this.#unread -= size))
    if (this.#unread > UNREAD_LIMIT) this.#break('expected it to read its orders')
  }

  sendSocket(order: SocketOrder, socket?: Socket): void {
    this.#courier?.send(order, socket)
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  #hear(line: string): void {
    if (this.#broken) return
    if (!this.#allowance.takeMessage()) return this.#break('expected fewer messages a second')
    let message
    try {
      message = parseFromWorker(line)
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error
      return this.#break(error.message)
    }
    this.#events.onMessage(message)
  }

  #break(reason: string): void {
    if (this.#broken) return
    this.#broken = true
    this.#close()
    this.#events.onBreach(reason)
  }

  #whenRead(done: () => void): void {
    let finished = false
    const finish = (): void => {
      if (finished) return
      finished = true
      clearTimeout(timer)
      this.#close()
      done()
    }
    // Behind a turn of the event loop: where it was blocked for as long, what was written is there and unread.
    const timer = setTimeout(() => setImmediate(finish), LAST_READ)
    if (this.#channel.destroyed) finish()
    else this.#channel.once('close', finish)
  }

  #close(): void {
    this.#channel.destroy()
    this.#orders.destroy()
    this.#courier?.close()
  }
}

function pipeOf(child: ChildProcess, descriptor: number): Socket {
  const pipe = child.stdio[descriptor]
  if (pipe instanceof Socket) return pipe
  throw new TypeError(`expected a pipe as descriptor ${descriptor} of the worker`)
}
