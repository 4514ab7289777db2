/**
 * Sends listening sockets to a worker, over the channel of Node's own: nothing else that Node offers can carry a socket.
 *
 * Node trusts what it reads from that channel. A line that is not JSON, or an acknowledgement that nobody waits for, throws inside
 * Node, where nobody can catch it, and ends the supervisor. A worker can write there, so this stands in front of Node's
 * reader (private to the runtime, as the sockets in `connection/src/socket-transport.ts` are): it lets through the
 * acknowledgements that are due, byte for byte, and nothing else. Where the reader is not where it is expected,
 * the channel is closed, and no socket is sent: a worker's connections then wait for its successor.
 */
import type { ChildProcess } from 'node:child_process'
import type { Socket } from 'node:net'
import type { SocketOrder } from './messages.ts'

export interface SocketCourier {
  send(order: SocketOrder, socket?: Socket): void
  close(): void
}

/** Node's words, after each socket: it arrived, or the process had no descriptor left for it. */
const ANSWERS: readonly Buffer[] = ['NODE_HANDLE_ACK', 'NODE_HANDLE_NACK'].map((cmd) =>
  Buffer.from(`${JSON.stringify({ cmd })}\n`),
)

interface ChannelReader {
  onread: (this: unknown, bytes: ArrayBuffer | undefined) => void
  pendingHandle?: unknown
}

/** @param onBreach called once, when the worker has written anything else */
export function socketCourier(child: ChildProcess, onBreach: () => void): SocketCourier {
  const reader = readerOf(child)
  const close = (): void => {
    if (child.connected) child.disconnect()
  }
  if (reader === null) {
    close()
    return { send: () => {}, close }
  }
  let due = 0
  let answer = Buffer.alloc(0)
  const isDue = (bytes: Uint8Array): boolean => {
    // One byte at a time: there are some twenty-five for each socket.
    for (const byte of bytes) {
      answer = Buffer.concat([answer, Buffer.of(byte)])
      if (due === 0 || !ANSWERS.some((known) => known.subarray(0, answer.length).equals(answer))) return false
      if (ANSWERS.some((known) => known.equals(answer))) {
        answer = Buffer.alloc(0)
        due--
      }
    }
    return true
  }
  const original = reader.onread
  reader.onread = function (bytes) {
    if (bytes !== undefined && (reader.pendingHandle || !isDue(new Uint8Array(bytes)))) {
      reader.onread = () => {}
      drop(reader.pendingHandle)
      close()
      onBreach()
    } else original.call(this, bytes)
  }
  return {
    close,
    send(order, socket) {
      if (!child.connected) return
      // An error means that the worker is ending, which its exit says.
      if (socket === undefined) child.send(order, () => {})
      else {
        due++
        child.send(order, socket, { keepOpen: true }, (error) => {
          if (error !== null) due--
        })
      }
    },
  }
}

function readerOf(child: ChildProcess): ChannelReader | null {
  for (const symbol of Object.getOwnPropertySymbols(child)) {
    const value: unknown = symbol.description === 'kChannelHandle' ? Reflect.get(child, symbol) : null
    if (isReader(value)) return value
  }
  return null
}

function isReader(value: unknown): value is ChannelReader {
  return typeof value === 'object' && value !== null && 'onread' in value && typeof value.onread === 'function'
}

/** A socket that a worker has sent: nobody asked for one. */
function drop(handle: unknown): void {
  if (typeof handle === 'object' && handle !== null && 'close' in handle && typeof handle.close === 'function')
    handle.close()
}
