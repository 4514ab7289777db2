/**
 * A transport over `net.Socket`.
 *
 * All connections of a process read into one buffer, which saves an allocation for each read. The runtime offers that for
 * sockets one makes (`onread`), not for those a server accepts; so the accepted handle, which is private to the runtime, is
 * taken before a socket is made of it. This file alone knows (and `direct-writer.ts`, of writes); where things are not as
 * expected, on another runtime or with TLS, the documented events serve.
 */
import { Server, type ServerOpts, Socket, type SocketConstructorOpts } from 'node:net'
import type { Duplex } from 'node:stream'
import { getSystemErrorName } from 'node:util'
import { plainAddress, type Tls } from '@tsgi/spec'
import { canWriteDirectly, DirectWriter, type DirectWriterOwner, learnFrom } from './direct-writer.ts'
import type { Transport, TransportEvents } from './transport.ts'

const READ_BUFFER_SIZE = 64 * 1024

let readBuffer: Buffer | null = null

interface Handle {
  readonly reading: unknown
  readonly writeQueueSize?: number
  setNoDelay?(on: boolean): void
}

/** A connection that was accepted and not read yet. */
export interface Accepted {
  readonly encrypted: boolean
  /** Of its handshake; `null` where there was none, or nothing is known of it. */
  readonly tls: Tls | null
  /** Takes it over. Reading begins with {@link Transport.resume}. */
  connect(events: TransportEvents): Transport
  /**
   * Sends a last word and closes.
   *
   * @param linger how long the client may take to read it and to close its side, in milliseconds; 0 gives the descriptor back at once
   * @param closed called when it has
   */
  refuse(text: string, linger: number, closed: () => void): void
}

let sharedReads = true

/** Off: the documented way to read and write serves. For tests of it. */
export function setSharedReads(on: boolean): void {
  sharedReads = on
}

/** Options that a listener needs for {@link onAccepted}. */
export const ACCEPT_OPTIONS: Readonly<ServerOpts> = Object.freeze({
  pauseOnConnect: true,
  allowHalfOpen: true,
  noDelay: true,
})

/** Hands over what `listener` accepts. Call it once it listens: what came before goes the documented way. */
export function onAccepted(listener: Server, take: (accepted: Accepted) => void): void {
  const documented = (socket: Socket): void => take(new AcceptedSocket(socket))
  listener.on('connection', documented)
  const owner = listener as unknown as { readonly _handle?: { onconnection?: unknown } | null }
  const handle = owner._handle
  // A subclass, such as a TLS server, makes more of a connection than its handle.
  if (!sharedReads || listener.constructor !== Server || typeof handle?.onconnection !== 'function') return
  const original: (...args: unknown[]) => unknown = handle.onconnection as never
  handle.onconnection = function (this: unknown, error: unknown, accepted: unknown): unknown {
    if (error !== 0 && error !== undefined && error !== null) return original.call(this, error, accepted)
    if (!isHandle(accepted)) return original.call(this, error, accepted)
    accepted.setNoDelay?.(true)
    take(new AcceptedHandle(accepted))
    return undefined
  }
}

function isHandle(value: unknown): value is Handle {
  return typeof value === 'object' && value !== null && 'reading' in value
}

class AcceptedHandle implements Accepted {
  readonly encrypted = false
  readonly tls = null
  readonly #handle: Handle

  constructor(handle: Handle) {
    this.#handle = handle
  }

  connect(events: TransportEvents): Transport {
    readBuffer ??= Buffer.allocUnsafeSlow(READ_BUFFER_SIZE)
    const buffer = readBuffer
    const socket = new Socket({
      handle: this.#handle,
      allowHalfOpen: true,
      onread: {
        buffer,
        callback: (length: number): boolean => {
          events.onData(buffer, length)
          return true
        },
      },
    } as unknown as SocketConstructorOpts)
    return new SocketTransport(socket, this.#handle, events)
  }

  refuse(text: string, linger: number, closed: () => void): void {
    const options = { handle: this.#handle, allowHalfOpen: true } as unknown as SocketConstructorOpts
    refuse(new Socket(options), text, linger, closed)
  }
}

/** A connection that came by the documented way, or from somewhere else altogether. */
export class AcceptedSocket implements Accepted {
  readonly encrypted: boolean
  readonly tls: Tls | null
  readonly #socket: Duplex

  constructor(socket: Duplex, tls: Tls | null = null) {
    this.#socket = socket
    this.tls = tls
    this.encrypted = 'encrypted' in socket && socket.encrypted === true
  }

  connect(events: TransportEvents): Transport {
    return new SocketTransport(this.#socket, null, events)
  }

  refuse(text: string, linger: number, closed: () => void): void {
    refuse(this.#socket, text, linger, closed)
  }
}

function refuse(socket: Duplex, text: string, linger: number, closed: () => void): void {
  socket.on('error', () => {})
  socket.once('close', closed)
  socket.end(text)
  if (linger === 0) {
    socket.destroy()
    return
  }
  // Read and thrown away for a moment, so that no reset eats the answer.
  socket.resume()
  socket.once('end', () => socket.destroy())
  setTimeout(() => socket.destroy(), linger).unref()
}

const EVENTS = Symbol('transport events')
const ERROR = Symbol('transport error')

type OwnedSocket = Duplex & { [EVENTS]?: TransportEvents; [ERROR]?: Error }

// One function for all sockets, so that a connection costs no closures.
function onEnd(this: OwnedSocket): void {
  this[EVENTS]?.onEnd()
}
function onDrain(this: OwnedSocket): void {
  this[EVENTS]?.onDrain()
}
function onError(this: OwnedSocket, error: Error): void {
  this[ERROR] = error
}
function onClose(this: OwnedSocket): void {
  this[EVENTS]?.onClose(this[ERROR])
}
function onReadable(this: OwnedSocket, bytes: Buffer): void {
  this[EVENTS]?.onData(bytes, bytes.length)
}

class SocketTransport implements Transport, DirectWriterOwner {
  readonly #socket: OwnedSocket
  readonly #handle: Handle | null
  /** Made for the second write: the first of a process shows whether it can be. */
  #writer: DirectWriter | null = null
  #drainCallbacks: (() => void)[] | null = null

  constructor(socket: OwnedSocket, handle: Handle | null, events: TransportEvents) {
    this.#socket = socket
    this.#handle = handle
    socket[EVENTS] = events
    socket.on('end', onEnd)
    socket.on('drain', onDrain)
    socket.on('error', onError)
    socket.on('close', onClose)
    if (handle === null) {
      socket.on('data', onReadable)
      socket.pause()
    }
  }

  get readsInOwnContext(): boolean {
    return this.#handle !== null
  }

  get remoteAddress(): string | null {
    return plainAddressOf(this.#socket, 'remoteAddress')
  }

  get remotePort(): number | null {
    return this.#socket instanceof Socket ? (this.#socket.remotePort ?? null) : null
  }

  get localAddress(): string | null {
    return plainAddressOf(this.#socket, 'localAddress')
  }

  get localPort(): number | null {
    return this.#socket instanceof Socket ? (this.#socket.localPort ?? null) : null
  }

  get queued(): number {
    if (this.#writer !== null) return this.#socket.destroyed ? 0 : this.#writer.queued
    const { writableLength } = this.#socket
    if (writableLength === 0) return 0
    // The stream counts whole writes; the kernel's progress within one is what the handle knows.
    return writableLength + (this.#handle?.writeQueueSize ?? 0)
  }

  writeLatin1(text: string): boolean {
    // Nothing is ever taken again: wait, and the close that is on its way ends the waiting.
    if (this.#socket.destroyed) return false
    const writer = this.#writer ?? this.#makeWriter()
    if (writer !== null) return writer.latin1(text)
    return this.#socket.write(text, 'latin1')
  }

  writeBytes(parts: readonly Uint8Array[]): boolean {
    if (this.#socket.destroyed) return false
    const writer = this.#writer ?? this.#makeWriter()
    if (writer !== null) return writer.bytes(parts)
    if (parts.length === 1) return this.#socket.write(parts[0])
    this.#socket.cork()
    let roomy = true
    for (const part of parts) roomy = this.#socket.write(part)
    this.#socket.uncork()
    return roomy
  }

  whenDrained(callback: () => void): void {
    if (this.#socket.destroyed) return
    if (this.#writer !== null) {
      if (this.queued === 0) callback()
      else (this.#drainCallbacks ??= []).push(callback)
      return
    }
    if (this.#socket.writableLength === 0) {
      callback()
      return
    }
    this.#socket.write('', (error) => {
      if (!error) callback()
    })
  }

  #makeWriter(): DirectWriter | null {
    const handle = this.#handle
    // Only in front of an empty stream: what it still holds must leave first.
    if (handle === null || this.#socket.writableLength > 0 || this.#socket.destroyed) return null
    if (canWriteDirectly(handle)) {
      this.#writer = new DirectWriter(handle, this)
      return this.#writer
    }
    learnFrom(handle)
    return null
  }

  drained(waited: boolean): void {
    // They wait for what was written before; the drain may bring more.
    const callbacks = this.#drainCallbacks
    this.#drainCallbacks = null
    for (const callback of callbacks ?? []) callback()
    if (waited) this.#socket[EVENTS]?.onDrain()
  }

  failed(status: number): void {
    if (this.#socket.destroyed) return
    const name = getSystemErrorName(status)
    this.#socket.destroy(Object.assign(new Error(`write ${name}`), { code: name, errno: status, syscall: 'write' }))
  }

  get received(): number {
    return this.#socket instanceof Socket ? this.#socket.bytesRead : 0
  }

  release(unread: Buffer): Duplex {
    const socket = this.#socket
    socket.pause()
    delete socket[EVENTS]
    socket.off('end', onEnd).off('drain', onDrain).off('error', onError).off('close', onClose).off('data', onReadable)
    if (unread.length > 0) socket.unshift(unread)
    return socket
  }

  probe(): void {
    // A write of nothing sends nothing, and fails where a write of something would. With TLS it would be a record.
    if (this.queued === 0 && !('encrypted' in this.#socket)) this.writeLatin1('')
  }

  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  end(): void {
    this.#socket.end()
  }

  destroy(reset: boolean): void {
    const socket = this.#socket
    // Only TCP knows a reset; a unix socket has no remote address. With TLS an end without close_notify says as much (RFC 8446 §6.1).
    const resets = reset && socket instanceof Socket && !('encrypted' in socket) && this.remoteAddress !== null
    if (resets) socket.resetAndDestroy()
    else socket.destroy()
  }
}

function plainAddressOf(socket: Duplex, end: 'remoteAddress' | 'localAddress'): string | null {
  const address = socket instanceof Socket ? socket[end] : undefined
  return address === undefined ? null : plainAddress(address)
}
