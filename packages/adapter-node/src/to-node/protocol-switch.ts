import type { Duplex } from 'node:stream'
import { ClientGoneError, quiet } from '@tsgi/exchange'
import { isPromise, type BodyWriter, type Chunk, type HeaderList, type UpgradeHandler } from '@tsgi/spec'
import { NodeSource } from './node-source.ts'

/** The change of a connection to another protocol: offered by the client, for the application to accept (SPEC U.6). */
export class ProtocolSwitch {
  readonly #socket: Duplex
  readonly #head: Uint8Array

  /** @param head what the client has already sent of the other protocol */
  constructor(socket: Duplex, head: Uint8Array) {
    this.#socket = socket
    this.#head = head
  }

  /**
   * Answers 101 and hands the connection over.
   *
   * @param over without an argument when the handler was done with it, else with what went wrong: a {@link ClientGoneError}
   *   where that is all. Called again where the handler fails after the client has left.
   */
  begin(protocol: string, fields: HeaderList, run: UpgradeHandler, over: (error?: unknown) => void): void {
    const socket = this.#socket
    let head = `HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: ${protocol}\r\n`
    for (let i = 0; i < fields.length; i += 2) head += `${fields[i]}: ${fields[i + 1]}\r\n`
    socket.write(`${head}\r\n`, 'latin1')
    if (this.#head.byteLength > 0) socket.unshift(this.#head)

    let settled = false
    const source = new NodeSource(socket, UNLIMITED)
    const settle = (error?: unknown): void => {
      if (settled) {
        if (error !== undefined) over(error)
        return
      }
      settled = true
      if (error === undefined) endInOrder(socket, source)
      else socket.destroy()
      over(error)
    }
    const leave = (): void => {
      if (!settled) settle(new ClientGoneError(GONE))
    }
    // Before the input, whose reader would fail first.
    socket.on('error', leave)
    socket.on('close', leave)
    try {
      const running = run(source.input, writerTo(socket))
      if (isPromise(running)) running.then(() => settle(), settle)
      else settle()
    } catch (error) {
      settle(error)
    }
  }
}

/** Half-closes. What the client still sends is thrown away for a while, so that no reset makes it lose the last bytes. */
function endInOrder(socket: Duplex, source: NodeSource): void {
  source.release()
  socket.resume()
  // Where the socket was destroyed meanwhile, there is nothing to wait for.
  socket.end(() => {
    if (socket.destroyed) return
    const linger = setTimeout(() => socket.destroy(), LINGER).unref()
    socket.once('close', () => clearTimeout(linger))
  })
}

/** How long a client may take to close its side, in milliseconds: as long as on a server of our own. */
const LINGER = 5000
const GONE = 'the client left before the connection was done with'
const UNLIMITED = { maxBodySize: Number.POSITIVE_INFINITY, clock: null, onFirstRead: null }

function writerTo(socket: Duplex): BodyWriter {
  let room: PromiseWithResolvers<void> | null = null
  const free = (error?: Error): void => {
    const waiting = room
    room = null
    if (error === undefined) waiting?.resolve()
    else waiting?.reject(error)
  }
  socket.on('drain', () => free())
  socket.on('close', () => free(new ClientGoneError(GONE)))
  return {
    write(chunk: Chunk): void | Promise<void> {
      if (!socket.writable) return quiet(Promise.reject(new ClientGoneError(GONE)))
      if (socket.write(chunk)) return undefined
      room ??= Promise.withResolvers<void>()
      return quiet(room.promise)
    },
    flush: () => room?.promise,
  }
}
