/** Carries an exchange on a `ServerResponse` of Node's. */
import type { ServerResponse } from 'node:http'
import { developmentPage } from '@tsgi/error-page'
import {
  BodyError,
  type Carrier,
  type CheckedFields,
  checkTrailers,
  ClientGoneError,
  type ErrorPageMaker,
  type Exchange,
  fieldPreparer,
  UNKNOWN_LENGTH,
  withContentLength,
} from '@tsgi/exchange'
import { type Chunk, type HeaderList, statusReason, type UpgradeHandler } from '@tsgi/spec'
import type { Logger } from '@tsgi/spec/server'
import { onHalfClose } from './half-close.ts'
import type { NodeFacts } from './node-facts.ts'
import type { NodeSource } from './node-source.ts'
import type { ProtocolSwitch } from './protocol-switch.ts'
import type { ServerDrain } from './server-drain.ts'
import type { Settings } from './settings.ts'

export interface NodeFields extends CheckedFields {
  /** All values are ASCII. */
  readonly ascii: boolean
}

export type NodeExchange = Exchange<NodeFields, NodeFacts>

const WIDE = /[\x80-\xFF]/
const withAscii = (fields: CheckedFields): NodeFields => ({
  ...fields,
  ascii: !fields.list.some((text) => WIDE.test(text)),
})
const prepare = fieldPreparer(withAscii)

const NO_BYTES = new Uint8Array(0)

export class NodeCarrier implements Carrier<NodeFields, NodeFacts> {
  readonly log: Logger
  readonly developmentPage: ErrorPageMaker | null
  readonly #response: ServerResponse
  readonly #source: NodeSource
  readonly #protocolSwitch: ProtocolSwitch | null
  readonly #drain: ServerDrain | null
  #exchange: NodeExchange | null = null

  /**
   * @param protocolSwitch where the client asked for another protocol, and the connection can change to it
   * @param drain `null` where nobody knows when the server closes
   */
  constructor(
    response: ServerResponse,
    source: NodeSource,
    settings: Settings,
    protocolSwitch: ProtocolSwitch | null,
    drain: ServerDrain | null,
  ) {
    this.#response = response
    this.#source = source
    this.#protocolSwitch = protocolSwitch
    this.#drain = drain
    this.log = settings.log
    this.developmentPage = settings.development ? developmentPage : null
  }

  /** From now on departures and the end of the response are reported to this exchange. */
  carry(exchange: NodeExchange): void {
    this.#exchange = exchange
    const stopListening = onHalfClose(this.#response.req.socket, () => exchange.clientEnded())
    this.#response.on('close', () => {
      stopListening()
      this.#closed(exchange)
    })
  }

  prepare(headers: HeaderList, status: number): NodeFields {
    return prepare(headers, status)
  }

  prepareTrailers(trailers: HeaderList): NodeFields {
    return withAscii(checkTrailers(trailers))
  }

  /** Node reports each departure. */
  watch(): void {}

  watchDraining(): boolean | null {
    const drain = this.#drain
    if (drain === null) return null
    if (!drain.begun && this.#exchange !== null) drain.add(this.#exchange)
    return drain.begun
  }

  interim(fields: NodeFields): void {
    writeEarlyHints(this.#response, fields.list)
  }

  whole(exchange: NodeExchange, length: number, content: Chunk | readonly Chunk[]): void {
    this.#writeHead(exchange, length)
    this.#source.input.close()
    const response = this.#response
    if (!exchange.takesBody) response.end()
    else if (typeof content === 'string' || content instanceof Uint8Array)
      response.end(this.#forNode(exchange, content))
    else {
      for (const chunk of content) response.write(this.#forNode(exchange, chunk))
      response.end()
    }
  }

  head(exchange: NodeExchange): void {
    this.#writeHead(exchange, UNKNOWN_LENGTH)
    this.#response.on('drain', () => exchange.resume())
  }

  chunk(chunk: Chunk): void {
    this.#response.write(this.#exchange === null ? chunk : this.#forNode(this.#exchange, chunk))
  }

  end(_exchange: NodeExchange, trailers: NodeFields | null): void {
    if (trailers !== null) this.#response.addTrailers(pairs(trailers.list))
    this.#source.input.close()
    this.#response.end()
  }

  breakOff(): void {
    this.#response.destroy()
  }

  giveUp(): void {
    this.#response.destroy()
  }

  upgrade(exchange: NodeExchange, protocol: string, fields: NodeFields, run: UpgradeHandler): void {
    // From here on the connection reports nothing to the response, which was never used.
    const { socket } = this.#response
    if (socket !== null) this.#response.detachSocket(socket)
    this.#protocolSwitch?.begin(protocol, fields.list, run, (error) => {
      exchange.upgradeEnded(error)
      this.#finished(exchange)
    })
  }

  get blocked(): boolean {
    return this.#response.writableNeedDrain
  }

  flush(): void {
    const exchange = this.#exchange
    if (exchange === null || !exchange.headSent) return
    if (exchange.fields?.ascii === false) this.#response.write(NO_BYTES)
    else this.#response.flushHeaders()
  }

  /** Node gathers what one turn of the event loop writes. */
  flushSoon(): void {}

  trackCall(): void {}

  trackClosing(): void {}

  #writeHead(exchange: NodeExchange, known: number): void {
    const response = this.#response
    // Fields that a framework in front has set belong to its response, not to an error page of the server.
    if (exchange.failure !== null) for (const name of response.getHeaderNames()) response.removeHeader(name)
    const fields = exchange.fields as NodeFields
    const length = exchange.contentLength(known)
    // Behind a length Node writes `content-disposition` as UTF-8, so with other bytes than ASCII the length is last.
    const list = withContentLength(fields.ascii ? fields : { ...fields, contentLength: Number.NaN }, length)
    response.writeHead(exchange.status, statusReason(exchange.status), list.slice())
  }

  /** Node joins a string with the head before it and sends both as UTF-8; but field values are bytes (SPEC H.3). */
  #forNode(exchange: NodeExchange, chunk: Chunk): Chunk {
    return typeof chunk === 'string' && exchange.fields?.ascii === false ? Buffer.from(chunk, 'latin1') : chunk
  }

  /** Node's last event of a response: it went out whole, it was destroyed, or the client is gone. */
  #closed(exchange: NodeExchange): void {
    if (!this.#response.writableFinished && exchange.status !== 101) {
      const gone = new ClientGoneError('the client left before the response was complete')
      this.#source.input.fail(new BodyError(400, gone.message))
      exchange.abandon(gone)
      exchange.lost(gone)
    }
    this.#finished(exchange)
  }

  #finished(exchange: NodeExchange): void {
    this.#drain?.delete(exchange)
    this.#source.release()
    exchange.finished()
  }
}

/** Node 22 has `writeEarlyHints` alone, which takes an object and sends nothing without a `link`. */
function writeEarlyHints(response: ServerResponse, list: HeaderList): void {
  if (typeof response.writeInformation === 'function') return response.writeInformation(103, list)
  const hints: Record<string, string[]> = {}
  for (let at = 0; at < list.length; at += 2) (hints[list[at] as string] ??= []).push(list[at + 1] as string)
  response.writeEarlyHints(hints)
}

function pairs(list: HeaderList): [string, string][] {
  const fields: [string, string][] = []
  for (let i = 0; i < list.length; i += 2) fields.push([list[i] as string, list[i + 1] as string])
  return fields
}
