import type { Exchange } from '@tsgi/exchange'
import type { RequestHead, ResponseFields } from '@tsgi/http1'

/** Fields as the lines they are on the wire. */
export interface WrittenFields extends ResponseFields {
  readonly contentLength: number
}

/** A request of an HTTP/1.1 connection, and its response. */
export type HttpExchange = Exchange<WrittenFields, RequestHead>
