import type { ServerResponse } from 'node:http'
import type { ServerContext } from '@tsgi/spec'
import type { ClientSocket } from './client-socket.ts'
import type { Delivery } from './delivery.ts'
import type { NodeRequest } from './node-request.ts'

export type Callback = (error?: Error | null) => void

/** What a response needs of the exchange that it belongs to. */
export interface ResponseOwner {
  readonly delivery: Delivery
  readonly socket: ClientSocket
  readonly request: NodeRequest
  readonly server: ServerContext
  /** `end` was called. */
  ended(): void
  /** Something went wrong of which the listener cannot be told. */
  failed(error: unknown): void
}

/** How far the sending of a response has come. */
export interface Sending {
  readonly owner: ResponseOwner
  /** HEAD, 204 and 304: what is written goes nowhere. */
  bodyless: boolean
  /** By `write`: the length of the body was not known when the head was made. */
  inPieces: boolean
  /** Bytes of the body so far; counted only under `strictContentLength`. */
  written: number
  declaredLength: number | null
  /** The listener asked for chunked coding or announced trailers: even a body known at once goes in chunks. */
  chunked: boolean
  trailers: readonly string[] | null
  endCallbacks: Callback[] | null
  /** Where Node's own `end` ran: what it makes `finish` with, and calls the callbacks that it was given. */
  nativeFinish: Callback | null
}

/** A response as the methods that send it see it: what Node only reads of its connection, they write. */
export interface SendingResponse extends ServerResponse {
  readonly tsgiSending: Sending
  writableFinished: boolean
  writableNeedDrain: boolean
  errored: Error | null
  /** Node's own, underscored but long-lived: see decisions/0001. Truthy once the head is made. */
  _header: string | null
  _closed: boolean
}
