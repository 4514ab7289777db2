/** The worker's end of the channel to its supervisor. */
import { Socket } from 'node:net'
import { LINE_LIMIT, lineReader } from './lines.ts'
import { type SocketOrder, type FromWorker, ORDERS, REPORTS, type ToWorker } from './messages.ts'

/** Log lines that the supervisor has not taken are dropped over this, in characters: a supervisor that is suspended must not cost memory here. */
const WAITING_LIMIT = 2 ** 20

export interface Channel {
  /** Whether the system takes more without queueing it here. */
  readonly roomy: boolean
  /** @returns whether it is on its way; not where it is longer than what the supervisor reads, or too much waits already */
  send(message: FromWorker): boolean
  /** Resolves when all that was sent is out. */
  flushed(): Promise<void>
}

export interface ChannelEvents {
  onMessage(message: ToWorker): void
  onCover(order: SocketOrder, socket: Socket | undefined): void
  /** The supervisor is gone. */
  onGone(): void
}

/** Opens the channel. To the application this process looks like any other: its `if (process.send)` finds no parent to talk to. */
export function openChannel(events: ChannelEvents): Channel {
  let onFlushed: (() => void) | null = null
  let unsent = 0
  let gone = false
  const orders = openDescriptor(ORDERS)
  const socket = openDescriptor(REPORTS)
  const end = (): void => {
    if (gone) return
    gone = true
    onFlushed?.()
    events.onGone()
  }
  const read = lineReader((line) => events.onMessage(JSON.parse(line) as ToWorker), Infinity)
  orders.on('data', read)
  // Nothing is ever said on the other way; it is read so that its end is noticed.
  socket.resume()
  // What cannot be written or read any more: the supervisor is gone.
  for (const pipe of [orders, socket]) for (const event of ['error', 'close', 'end']) pipe.on(event, end)
  receiveSockets(events)
  const sent = (): void => {
    if (--unsent === 0) onFlushed?.()
  }
  return {
    get roomy() {
      return !socket.writableNeedDrain
    },
    send(message) {
      if (gone) return false
      const line = `${JSON.stringify(message)}\n`
      // A character is three bytes at most.
      if (3 * line.length > LINE_LIMIT && Buffer.byteLength(line) > LINE_LIMIT) return false
      if (message.type === 'log' && socket.writableLength > WAITING_LIMIT) return false
      unsent++
      socket.write(line, sent)
      return true
    },
    flushed: () =>
      new Promise((resolve) => {
        onFlushed = resolve
        if (unsent === 0 || gone) resolve()
      }),
  }
}

function openDescriptor(fd: number): Socket {
  try {
    return new Socket({ fd, readable: true, writable: true })
  } catch (cause) {
    throw new Error('this program is a worker: it is started by its supervisor, not by hand', { cause })
  }
}

/** Over Node's own channel, where there is one. */
function receiveSockets(events: ChannelEvents): void {
  if (process.channel === undefined) return
  process.on('message', (order, socket) => events.onCover(order as SocketOrder, socket as Socket | undefined))
  delete (process as { send?: unknown }).send
  delete (process as { disconnect?: unknown }).disconnect
}
