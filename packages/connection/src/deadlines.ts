/** Which deadline of a connection has passed. Times are the clock's milliseconds; a timeout of 0 waits for ever. */
import type { Timeouts } from '@tsgi/spec/server'
import type { Reading } from './reading.ts'
import { ANSWERING, CLOSED, HEAD, IDLE, LINGERING, REST, UPGRADED } from './states.ts'
import type { Writing } from './writing.ts'

/** How long a closed connection is still read, and the rest of a body thrown away, in milliseconds. */
const LINGER = 5_000

export type Missed =
  /** It has lingered for long enough. */
  | { readonly kind: 'leave' }
  /** The client is given up: what waits for it fails because of `why`. */
  | { readonly kind: 'destroy'; readonly why: string }
  /** The connection closes in order. */
  | { readonly kind: 'close' }
  /** The head is answered 408. */
  | { readonly kind: 'refuse'; readonly why: string }
  /** The application's read of the body fails with 408. */
  | { readonly kind: 'fail body'; readonly why: string }

/**
 * The deadline that has passed at `now`; `null` while none has.
 *
 * @param when the present states of the connection began
 * @param queued bytes that the kernel has not taken yet
 */
export function missedDeadline(
  now: number,
  since: number,
  reading: Reading,
  writing: Writing,
  queued: number,
  timeouts: Timeouts,
): Missed | null {
  if (writing.state === CLOSED) return null
  if (writing.state === LINGERING) return now - since >= LINGER ? { kind: 'leave' } : null
  if (writing.isStuck(queued, now, timeouts.write)) {
    return { kind: 'destroy', why: `the client took nothing of the response for ${timeouts.write} ms` }
  }
  if (writing.state === UPGRADED) return null
  if (reading.ended && (writing.state === ANSWERING || queued > 0)) {
    if (isOver(now, Math.max(reading.endedAt, writing.takenAt), timeouts.halfClose)) {
      return { kind: 'destroy', why: `the client half-closed and took nothing for ${timeouts.halfClose} ms` }
    }
  }
  if (writing.state === ANSWERING) {
    const why = reading.complaint(now, timeouts)
    return why === null ? null : { kind: 'fail body', why }
  }
  switch (reading.state) {
    case REST:
      return isOver(now, since, LINGER) ? { kind: 'close' } : null
    case HEAD:
      if (!isOver(now, since, timeouts.headers)) return null
      return { kind: 'refuse', why: `the head was not complete after ${timeouts.headers} ms` }
    case IDLE: {
      const waits =
        queued === 0 && !writing.pending && isOver(now, Math.max(since, writing.takenAt), timeouts.keepAlive)
      return waits ? { kind: 'close' } : null
    }
    default:
      return null
  }
}

const isOver = (now: number, since: number, timeout: number): boolean => timeout > 0 && now - since >= timeout
