/** Reads the requests of a gateway, and takes care of what concerns the connection and no request. */
import type { FastCgiEvent, GatewayRequest } from '@tsgi/cgi'
import { isAuthority, type RequestEvent } from '@tsgi/http1'
import type { RequestReader, WireOwner } from '../wire.ts'

/** A parser of `@tsgi/cgi`. */
export interface GatewayParser extends Omit<RequestReader, 'next'> {
  next(maxData?: number): FastCgiEvent
}

export class GatewayReader implements RequestReader {
  readonly #name: string
  readonly #parser: GatewayParser
  readonly #owner: WireOwner

  /** @param name of the protocol, as the log calls it */
  constructor(name: string, parser: GatewayParser, owner: WireOwner) {
    this.#name = name
    this.#parser = parser
    this.#owner = owner
  }

  get bodyLeft(): number {
    return this.#parser.bodyLeft
  }

  get buffered(): number {
    return this.#parser.buffered
  }

  get idle(): boolean {
    return this.#parser.idle
  }

  receive(bytes: Buffer, length: number): void {
    this.#parser.receive(bytes, length)
  }

  receiveEnd(): void {
    this.#parser.receiveEnd()
  }

  release(): void {
    this.#parser.release()
  }

  takeRest(): Buffer {
    return this.#parser.takeRest()
  }

  next(maxData?: number): RequestEvent {
    for (;;) {
      const event = this.#parser.next(maxData)
      switch (event.type) {
        case 'request':
          return event.host === '' || isAuthority(event.host) ? event : badHost(event)
        case 'reply':
          this.#owner.writing.outbox.text(event.text)
          this.#owner.writing.flush()
          continue
        case 'broken':
          this.#break(event.message)
          return { type: 'need-more' }
        case 'aborted':
          this.#owner.leaveConnection('the gateway aborted the request')
          return { type: 'need-more' }
        default:
          return event
      }
    }
  }

  /** Nobody would understand an answer. */
  #break(message: string): void {
    const { host, transport } = this.#owner.writing
    const { localAddress, localPort, remoteAddress } = transport
    const listener = localAddress === null ? 'a unix socket' : `${localAddress}:${localPort}`
    const peer = remoteAddress ?? 'a local program'
    host.settings.log('warn', `${this.#name} on ${listener}: ${message}; the connection of ${peer} was closed`)
    this.#owner.leaveConnection(message)
  }
}

const badHost = ({ method, path }: GatewayRequest): RequestEvent => ({
  type: 'error',
  status: 400,
  message: 'Host is not host[:port]',
  incomplete: false,
  method,
  target: path,
})
