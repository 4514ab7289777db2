/** The worker's end of the channel to its supervisor. */
import type net from 'node:net'
import { envelope, type FromWorker, type ToWorker, toWorker } from '../protocol.ts'

export interface Channel {
  /** Whether the system takes more without queueing it here. */
  readonly roomy: boolean
  send(message: FromWorker): void
  /** Resolves when all that was sent is out. */
  flushed(): Promise<void>
}

export interface ChannelEvents {
  onMessage(message: ToWorker, socket: net.Socket | undefined): void
  /** The supervisor is gone. */
  onGone(): void
}

/**
 * Takes the channel for itself: to the application this process looks like any other, so that its `if (process.send)` does not find a
 * parent to talk to.
 */
export function openChannel(events: ChannelEvents): Channel {
  const send = process.send?.bind(process)
  if (send === undefined) throw new Error('this program is a worker: it is started by its supervisor, not by hand')
  delete (process as { send?: unknown }).send
  delete (process as { disconnect?: unknown }).disconnect
  let roomy = true
  let unsent = 0
  let onFlushed: (() => void) | null = null
  process.on('message', (sent, handle) => {
    const message = toWorker(sent)
    if (message !== null) events.onMessage(message, handle as net.Socket | undefined)
  })
  process.on('disconnect', () => events.onGone())
  return {
    get roomy() {
      return roomy
    },
    send(message) {
      if (!process.connected) return
      unsent++
      // An error means that the supervisor is gone, of which 'disconnect' tells.
      roomy = send(envelope(message), undefined, {}, () => {
        roomy = true
        if (--unsent === 0) onFlushed?.()
      })
    },
    flushed: () =>
      new Promise((resolve) => {
        onFlushed = resolve
        if (unsent === 0) resolve()
      }),
  }
}
