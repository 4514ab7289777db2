/** A connection after an upgrade: the same `Input` and `BodyWriter` that bodies have, over its raw bytes. */
import { BodyError, type BodySource, type ClientGoneError, quiet, RequestInput } from '@tsgi/exchange'
import { ownCopy } from '@tsgi/exchange/body-memory'
import { isPromise } from '@tsgi/spec'
import type { Awaitable, BodyWriter, Bytes, Chunk, HeaderList, UpgradeHandler } from '@tsgi/spec'
import { GatheredBytes } from '@tsgi/spec/gathered-bytes'
import type { Outbox } from './outbox.ts'
import type { Transport } from './transport.ts'

/** Bytes received and not yet read, beyond which reading pauses. */
const READ_AHEAD = 64 * 1024

/** Smaller pieces share memory, as Node's own buffers do: memory for each costs more than all else that is done with it. */
const SHARED = 4096

const NOTHING = new Uint8Array(0)

export interface UpgradedStreamOwner {
  /** What was gathered leaves after what runs now. */
  flushSoon(): void
}

export class UpgradedStream implements BodySource, BodyWriter {
  readonly trailers: HeaderList | null = null
  readonly #transport: Transport
  readonly #outbox: Outbox
  readonly #owner: UpgradedStreamOwner
  readonly #input = new RequestInput(this)
  /** What was received behind `#front`, of which the next read takes. */
  readonly #received = new GatheredBytes()
  #front: Bytes = NOTHING
  #ended = false
  #paused = false
  #gone: ClientGoneError | null = null
  #room: PromiseWithResolvers<void> | null = null

  constructor(transport: Transport, outbox: Outbox, owner: UpgradedStreamOwner) {
    this.#transport = transport
    this.#outbox = outbox
    this.#owner = owner
  }

  /** Resolves when the handler is done, with its error where it failed. */
  async run(handler: UpgradeHandler): Promise<unknown> {
    try {
      const result = handler(this.#input, this)
      if (typeof result === 'object' && isPromise(result)) await result
      return undefined
    } catch (error) {
      return error
    }
  }

  // From the connection

  /** The bytes are lent for the time of the call. */
  receive(bytes: Uint8Array): void {
    const copy = bytes.length < SHARED ? Buffer.from(bytes) : ownCopy(bytes)
    // Mostly there is nothing before it.
    if (this.#front.length === 0 && this.#received.length === 0) this.#front = copy
    else this.#received.add(copy)
    this.#input.wake()
    if (this.#front.length + this.#received.length >= READ_AHEAD && !this.#paused) {
      this.#paused = true
      this.#transport.pause()
    }
  }

  receiveEnd(): void {
    this.#ended = true
    this.#input.wake()
  }

  resume(): void {
    const room = this.#room
    this.#room = null
    room?.resolve()
  }

  abandon(error: ClientGoneError): void {
    this.#gone = error
    this.#input.fail(new BodyError(400, error.message))
    const room = this.#room
    this.#room = null
    room?.reject(error)
  }

  // BodySource

  pull(size: number): Bytes | null | 'end' {
    if (this.#front.length === 0) {
      if (this.#received.length === 0) return this.#ended ? 'end' : null
      this.#front = this.#received.take()
    }
    const bytes = this.#front
    this.#front = bytes.length > size ? bytes.subarray(size) : NOTHING
    return bytes.length > size ? ownCopy(bytes.subarray(0, size)) : bytes
  }

  want(): void {
    if (!this.#paused) return
    this.#paused = false
    this.#transport.resume()
  }

  // BodyWriter

  write(chunk: Chunk): void | Promise<void> {
    if (this.#gone !== null) return quiet(Promise.reject(this.#gone))
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
    if (bytes.length === 0) return undefined
    this.#outbox.bytes(bytes)
    // Writes of one turn leave together (B.8), such as the header of a frame and what it frames.
    this.#owner.flushSoon()
    return this.#outbox.blocked ? this.#wait() : undefined
  }

  flush(): Awaitable<void> {
    if (this.#gone !== null) return quiet(Promise.reject(this.#gone))
    this.#outbox.flush()
    return this.#outbox.blocked ? this.#wait() : undefined
  }

  #wait(): Promise<void> {
    if (this.#room === null) {
      this.#room = Promise.withResolvers<void>()
      quiet(this.#room.promise)
    }
    return this.#room.promise
  }
}
