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
   * @param over called once: without an argument when the handler was done with it, else with what went wrong,
   *   a {@link ClientGoneError} where that is all
   */
  begin(protocol: string, fields: HeaderList, run: UpgradeHandler, over: (error?: unknown) => void): void {
    const socket = this.#socket
    let head = `HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: ${protocol}\r\n`
    for (let i = 0; i < fields.length; i += 2) head += `${fields[i]}: ${fields[i + 1]}\r\n`
    socket.write(`${head}\r\n`, 'latin1')
    if (this.#head.byteLength > 0) socket.unshift(this.#head)

    let settled = false
    const settle = (error?: unknown): void => {
      if (settled) return
      settled = true
      if (error === undefined) socket.end()
      else socket.destroy()
      over(error)
    }
    socket.on('close', () => settle(new ClientGoneError(GONE)))
    try {
      const running = run(new NodeSource(socket, UNLIMITED).input, writerTo(socket))
      if (isPromise(running)) running.then(() => settle(), settle)
      else settle()
    } catch (error) {
      settle(error)
    }
  }
}

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
