/** What waits for an answer longer than a turn of the event loop, and is to notice that its client leaves. */
export interface Waiting {
  /** Nothing is left to notice. */
  readonly isOver: boolean
  readonly signal: AbortSignal
  clientLeft(): void
}

const waiting: Waiting[] = []

/**
 * Notices that the client ends its side of the connection, or is gone. A signal costs a microsecond to make and to listen
 * to, which most answers are too quick to need: it is asked for when the turn is over, in one go for all that wait.
 */
export function watchDeparture(one: Waiting): void {
  if (waiting.push(one) === 1) setImmediate(watchAll)
}

function watchAll(): void {
  for (const one of waiting.splice(0)) {
    if (one.isOver) continue
    if (one.signal.aborted) one.clientLeft()
    else one.signal.addEventListener('abort', () => one.clientLeft(), { once: true })
  }
}
