/** Frames on their way out: what the codec's sender writes to, and how much of it waits for the client. */
import { Buffer } from 'node:buffer'
import type { BodyWriter } from '@tsgi/spec'
import type { FrameSink } from './codec.ts'
import { WebSocketBacklogError, type WebSocketClosedError } from './errors.ts'
import { quiet } from './quiet.ts'

/** A payload of fewer bytes is copied behind its header: that costs less than to keep them apart until both leave in one write. */
const JOIN_LIMIT = 8 * 1024

export interface OutgoingOwner {
  /** The client took all that waited. */
  roomy(): void
  /** It is given up: it reads too slowly. */
  givenUp(error: WebSocketBacklogError): void
  /** It takes nothing any more. */
  lost(): void
  /** What a wait for room ends with when the client is gone. */
  closedError(): WebSocketClosedError
}

export class Outgoing implements FrameSink {
  /** Nothing is written any more. */
  get destroyed(): boolean {
    return this.#ended
  }

  #ended = false
  readonly #out: BodyWriter
  readonly #owner: OutgoingOwner
  readonly #maxBacklog: number
  #header: Buffer | null = null
  #corked = false
  #room: PromiseWithResolvers<void> | null = null
  #backlog = 0

  constructor(out: BodyWriter, maxBacklog: number, owner: OutgoingOwner) {
    this.#out = out
    this.#maxBacklog = maxBacklog
    this.#owner = owner
  }

  /** The client is slower than what is sent: resolves when there is room again; `null` where there is. */
  get room(): Promise<void> | null {
    return this.#room === null ? null : this.#room.promise
  }

  /** Nothing follows; what waits for room is rejected. */
  end(): void {
    this.#ended = true
    this.#room?.reject(this.#owner.closedError())
  }

  cork(): void {
    this.#corked = true
  }

  uncork(): void {
    this.#corked = false
  }

  /** One part of a frame. Between `cork` and `uncork` there are two: its header and its payload. */
  write(part: Buffer | string, done?: () => void): void {
    const header = this.#header
    if (this.#corked && header === null) {
      this.#header = part as Buffer
      return
    }
    this.#header = null
    if (header === null) {
      this.#send(part as Buffer)
    } else if (typeof part === 'string') {
      this.#send(textFrame(header, part))
    } else if (part.length < JOIN_LIMIT) {
      const frame = Buffer.allocUnsafe(header.length + part.length)
      frame.set(header, 0)
      frame.set(part, header.length)
      this.#send(frame)
    } else {
      this.#send(header)
      this.#send(part)
    }
    done?.()
  }

  #send(bytes: Uint8Array): void {
    if (this.#ended) return
    const written = this.#out.write(bytes)
    if (written === undefined) return
    this.#backlog += bytes.length
    if (this.#backlog > this.#maxBacklog) {
      this.#owner.givenUp(this.tooMuch())
      return
    }
    if (this.#room !== null) return
    const room = (this.#room = Promise.withResolvers<void>())
    quiet(room.promise)
    written.then(
      () => {
        room.resolve()
        if (this.#ended) return
        this.#room = null
        this.#backlog = 0
        this.#owner.roomy()
      },
      () => this.#owner.lost(),
    )
  }

  tooMuch(): WebSocketBacklogError {
    return new WebSocketBacklogError(this.#maxBacklog)
  }
}

function textFrame(header: Buffer, text: string): Buffer {
  const frame = Buffer.allocUnsafe(header.length + Buffer.byteLength(text))
  frame.set(header, 0)
  frame.write(text, header.length)
  return frame
}
