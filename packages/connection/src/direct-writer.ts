/**
 * Writes straight to a socket's handle, without the stream in front of it, which costs a small response about as much as
 * its parsing does.
 *
 * Handles are private to the runtime. So the way they are called is learnt from the runtime's own first write: it passes no
 * request and gets a number when the write was done at once, else the request that will tell (Node 26). On a runtime that
 * does otherwise, the stream serves (`socket-transport.ts`).
 */

interface WriteRequest {
  oncomplete: ((this: WriteRequest, status: number) => void) | null
  /** Set where the write was over before `oncomplete` could be. */
  writeStatus: number | null
  writer: DirectWriter
  /** Keeps what is being written alive. */
  held: unknown
}

/** 0 is success, a negative number an errno. */
type WriteResult = number | WriteRequest

/** Calls of the runtime's stream handles. */
export interface WritableHandle {
  readonly writeQueueSize: number
  writeLatin1String(request: null, text: string): WriteResult
  writeBuffer(request: null, bytes: Uint8Array): WriteResult
  writev(request: null, parts: readonly Uint8Array[], allBuffers: true): WriteResult
}

/** Hears how its writes went. */
export interface DirectWriterOwner {
  /** All is with the kernel. `waited`: the sender had been asked to wait. */
  drained(waited: boolean): void
  /** `errno` is negative. */
  failed(errno: number): void
}

/** Queued bytes from which the sender is asked to wait. */
const HIGH_WATER = 64 * 1024

let learnt: 'nothing yet' | 'works' | 'works otherwise' = 'nothing yet'

export class DirectWriter {
  readonly #handle: WritableHandle
  readonly #owner: DirectWriterOwner
  #pending = 0
  #waiting = false

  constructor(handle: WritableHandle, owner: DirectWriterOwner) {
    this.#handle = handle
    this.#owner = owner
  }

  get queued(): number {
    return this.#pending === 0 ? 0 : this.#handle.writeQueueSize
  }

  /** `false`: wait for the drain. */
  latin1(text: string): boolean {
    const result = this.#handle.writeLatin1String(null, text)
    return result === 0 || this.#dispatched(result, null)
  }

  /** `false`: wait for the drain. */
  bytes(parts: readonly Uint8Array[]): boolean {
    const single = parts.length === 1 ? parts[0] : undefined
    const result =
      single === undefined ? this.#handle.writev(null, parts, true) : this.#handle.writeBuffer(null, single)
    return result === 0 || this.#dispatched(result, parts)
  }

  #dispatched(result: WriteResult, held: unknown): boolean {
    if (typeof result === 'number') {
      this.#owner.failed(result)
      return false
    }
    this.#pending++
    result.writer = this
    result.held = held
    result.oncomplete = onComplete
    const { writeStatus } = result
    if (typeof writeStatus === 'number') {
      result.writeStatus = null
      this.completed(writeStatus)
      return true
    }
    if (this.#handle.writeQueueSize < HIGH_WATER) return true
    this.#waiting = true
    return false
  }

  /** A write that had to wait is done. */
  completed(status: number): void {
    this.#pending--
    if (status < 0) {
      this.#owner.failed(status)
    } else if (this.#pending === 0) {
      const waited = this.#waiting
      this.#waiting = false
      this.#owner.drained(waited)
    }
  }
}

function onComplete(this: WriteRequest, status: number): void {
  this.held = null
  this.writer.completed(status)
}

export function canWriteDirectly(handle: object): handle is WritableHandle {
  return learnt === 'works' && 'writeQueueSize' in handle && 'writeBuffer' in handle && 'writev' in handle
}

/** Looks at the next write of a socket to see how the runtime calls its handle. */
export function learnFrom(handle: object): void {
  const target = handle as { writeLatin1String?: unknown }
  const write = target.writeLatin1String
  if (learnt !== 'nothing yet' || typeof write !== 'function') return
  target.writeLatin1String = function (this: unknown, request: unknown, text: unknown): unknown {
    delete target.writeLatin1String
    const result: unknown = write.call(this, request, text)
    const asExpected =
      request === null && (typeof result === 'number' || (typeof result === 'object' && result !== null))
    learnt = asExpected ? 'works' : 'works otherwise'
    return result
  }
}
