import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { isPromise, type BodyWriter, type Chunk, type HeaderList, type UpgradeHandler } from '@tsgi/spec'
import { ClientGoneError } from './client-gone-error.ts'
import { quiet } from './quiet.ts'
import { ApplicationError, checkFields } from './response-fields.ts'
import type { UpgradeOwner } from './server-context.ts'
import { StreamInput } from './stream-input.ts'

interface Accepted {
  readonly protocol: string
  readonly fields: HeaderList
  readonly run: UpgradeHandler
}

/** The change of a connection to another protocol: offered by the client, for the application to accept (SPEC U.6). */
export class ProtocolSwitch implements UpgradeOwner {
  readonly #socket: Duplex
  readonly #head: Uint8Array
  readonly #offered: readonly string[]
  #accepted: Accepted | null = null

  /** @param head what the client has already sent of the other protocol */
  constructor(request: IncomingMessage, socket: Duplex, head: Uint8Array) {
    this.#socket = socket
    this.#head = head
    this.#offered = (request.headers.upgrade ?? '').split(',').map((protocol) => protocol.trim())
  }

  get accepted(): boolean {
    return this.#accepted !== null
  }

  upgrade(protocol: string, headers: HeaderList, run: UpgradeHandler): null {
    if (!this.#offered.includes(protocol)) {
      throw new ApplicationError(
        `the client did not ask for ${JSON.stringify(protocol)}; it asked for ${this.#offered.join(', ')}`,
      )
    }
    this.#accepted = { protocol, fields: checkFields(headers, 101).list, run }
    return null
  }

  /**
   * Answers 101 and hands the connection over.
   *
   * @param over called once: without an argument when the handler was done with it, else with what went wrong,
   *   a {@link ClientGoneError} where that is all
   */
  begin(over: (error?: unknown) => void): void {
    const { protocol, fields, run } = this.#accepted as Accepted
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
    socket.on('close', () => settle(new ClientGoneError()))
    try {
      const running = run(new StreamInput(socket, null), writerTo(socket))
      if (isPromise(running)) running.then(() => settle(), settle)
      else settle()
    } catch (error) {
      settle(error)
    }
  }
}

function writerTo(socket: Duplex): BodyWriter {
  let room: PromiseWithResolvers<void> | null = null
  const free = (error?: Error): void => {
    const waiting = room
    room = null
    if (error === undefined) waiting?.resolve()
    else waiting?.reject(error)
  }
  socket.on('drain', () => free())
  socket.on('close', () => free(new ClientGoneError()))
  return {
    write(chunk: Chunk): void | Promise<void> {
      if (!socket.writable) return quiet(Promise.reject(new ClientGoneError()))
      if (socket.write(chunk)) return undefined
      room ??= Promise.withResolvers<void>()
      return quiet(room.promise)
    },
    flush: () => room?.promise,
  }
}
