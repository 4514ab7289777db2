/**
 * A transport over `net.Socket`.
 *
 * All connections of a process read into one buffer, which saves an allocation for each read. The runtime offers that for
 * sockets one makes (`onread`), not for those a server accepts; so the handle of an accepted socket, which is a private
 * property, is moved to a socket made with `onread`. This file alone knows; where the property is missing (another
 * runtime, a TLS socket) the documented `data` event serves.
 */
import net from 'node:net'
import type { Duplex } from 'node:stream'
import { getSystemErrorName } from 'node:util'
import { canWriteDirectly, DirectWriter, learnFrom } from './direct-writer.ts'
import type { Transport, TransportEvents } from './transport.ts'

const READ_BUFFER_SIZE = 64 * 1024

let readBuffer: Buffer | null = null

interface Handle {
  readonly reading: unknown
  readonly writeQueueSize?: number
}

interface SocketWithHandle {
  _handle: Handle | null
}

/** Options that an accepting `net.Server` needs, for {@link connectTransport} to be able to take its sockets over. */
export const ACCEPT_OPTIONS: Readonly<net.ServerOpts> = Object.freeze({
  pauseOnConnect: true,
  allowHalfOpen: true,
  noDelay: true,
})

/** Whether sockets can be moved to the shared read buffer on this runtime. */
export let sharedReads: boolean = true

/** For tests of the documented path. */
export function setSharedReads(on: boolean): void {
  sharedReads = on
}

/** Takes an accepted, paused socket over. Reading begins with {@link Transport.resume}. */
export function connectTransport(accepted: Duplex, events: TransportEvents): Transport {
  const handle = sharedReads && accepted instanceof net.Socket ? takeHandle(accepted) : null
  if (handle === null) return new SocketTransport(accepted, null, events)
  readBuffer ??= Buffer.allocUnsafeSlow(READ_BUFFER_SIZE)
  const buffer = readBuffer
  const socket = new net.Socket({
    handle,
    allowHalfOpen: true,
    onread: {
      buffer,
      callback: (length: number): boolean => {
        events.onData(length === buffer.length ? buffer : buffer.subarray(0, length))
        return true
      },
    },
  } as unknown as net.SocketConstructorOpts)
  return new SocketTransport(socket, handle, events)
}

function takeHandle(socket: net.Socket): Handle | null {
  const owner = socket as unknown as SocketWithHandle
  // A TLS socket also has a handle, but reads through its own layer.
  if ('encrypted' in socket || socket.constructor !== net.Socket) return null
  const handle = owner._handle
  if (handle === null || typeof handle !== 'object' || !('reading' in handle)) return null
  owner._handle = null
  return handle
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
  this[EVENTS]?.onData(bytes)
}

class SocketTransport implements Transport {
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

  get remoteAddress(): string | null {
    return this.#socket instanceof net.Socket ? (this.#socket.remoteAddress ?? null) : null
  }

  get remotePort(): number | null {
    return this.#socket instanceof net.Socket ? (this.#socket.remotePort ?? null) : null
  }

  get localAddress(): string | null {
    return this.#socket instanceof net.Socket ? (this.#socket.localAddress ?? null) : null
  }

  get localPort(): number | null {
    return this.#socket instanceof net.Socket ? (this.#socket.localPort ?? null) : null
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
      const onDrained = (waited: boolean): void => this.#drained(waited)
      const onError = (errno: number): void => this.#failed(errno)
      this.#writer = new DirectWriter(handle, onDrained, onError)
      return this.#writer
    }
    learnFrom(handle)
    return null
  }

  #drained(waited: boolean): void {
    if (waited) this.#socket[EVENTS]?.onDrain()
    const callbacks = this.#drainCallbacks
    this.#drainCallbacks = null
    for (const callback of callbacks ?? []) callback()
  }

  #failed(status: number): void {
    if (this.#socket.destroyed) return
    const name = getSystemErrorName(status)
    this.#socket.destroy(Object.assign(new Error(`write ${name}`), { code: name, errno: status, syscall: 'write' }))
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
    if (reset && this.#socket instanceof net.Socket) this.#socket.resetAndDestroy()
    else this.#socket.destroy()
  }
}
