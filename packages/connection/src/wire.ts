/** What is spoken on a connection: how its requests are read and its responses written. The rest of a connection is the same. */
import type { Carrier } from '@tsgi/exchange'
import type { RequestEvent, RequestHead } from '@tsgi/http1'
import type { Environ, Input } from '@tsgi/spec'
import type { CarrierOwner } from './carrier-owner.ts'
import type { ConnectionFacts } from './environ.ts'
import type { HttpExchange, WrittenFields } from './http-exchange.ts'

/** Requests, from bytes to events. `RequestParser` of `@tsgi/http1` says what each member means. */
export interface RequestReader {
  /** Bytes of the body that were not yet given out; -1 where only its end tells. */
  readonly bodyLeft: number
  readonly buffered: number
  readonly idle: boolean
  receive(bytes: Buffer, length: number): void
  receiveEnd(): void
  release(): void
  takeRest(): Buffer
  next(maxData?: number): RequestEvent
}

/** Writes the responses of a connection, one at a time. */
export interface ResponseCarrier extends Carrier<WrittenFields, RequestHead> {
  /** The connection may continue after this response, as far as is known. */
  readonly keepAlive: boolean
  /** An orderly end of the connection would make a response that is broken off look complete. */
  readonly endsWithConnection: boolean
  /** Each request names its client; no two requests need be of one client. */
  readonly namesClient: boolean
  /** The next response answers this request. */
  begin(request: RequestHead): void
  /** The connection ends after this response. */
  dropKeepAlive(): void
  environ(request: RequestHead, facts: ConnectionFacts, input: Input, exchange: HttpExchange): Environ
}

export interface Wire {
  readonly reader: RequestReader
  readonly carrier: ResponseCarrier
}

/** Whose wire it is. */
export interface WireOwner extends CarrierOwner {
  /** Nothing that is sent would be understood, or wanted: ends the connection at once. */
  leaveConnection(why: string): void
}

/** Makes both halves for one connection. */
export type MakeWire = (owner: WireOwner) => Wire
