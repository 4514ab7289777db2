/** What stands on either side of a connection: the server that it belongs to, and the accepted socket that it is made of. */
import type { ExchangeRequest } from '@tsgi/exchange'
import type { Application, ErrorStream, Tls } from '@tsgi/spec'
import type { ServerCounters } from '@tsgi/metrics/counting'
import type { Clock } from './clock.ts'
import type { Settings } from './settings.ts'
import type { Transport, TransportEvents } from './transport.ts'

/** A request as access records have it. */
export interface ServedRequest extends ExchangeRequest {
  readonly query: string
  /** Absent: HTTP/1, with this minor version. */
  readonly protocol?: string
  readonly minorVersion?: 0 | 1
  /** Of its body, as declared; negative or absent where it was not. */
  readonly bodyLength?: number
}

/** An exchange that is over. */
export interface ServedExchange {
  readonly request: ServedRequest
  readonly status: number
  readonly bytesSent: number
  readonly whole: boolean
}

/** When a request was received, and whose it is: for the access log and for metrics. Times are milliseconds of `performance.now()`. */
export interface Arrival {
  /** At the request's head. */
  readonly startedAt: number
  /** At the first byte of its response; 0 where that went with the last one. */
  firstByteAt: number
  /** As forwarding fields name it. */
  client: RequestClient
}

/** What a connection needs of the server that it belongs to. */
export interface ConnectionHost {
  readonly application: Application
  readonly settings: Settings
  readonly clock: Clock
  readonly errors: ErrorStream
  /** `null` where nothing is counted. */
  readonly counters: ServerCounters | null
  /** Somebody wants to know how long requests take. */
  readonly timed: boolean
  /** The server is about to end: responses say `connection: close`. */
  readonly draining: boolean
  /** While it drains: how long an idle connection waits for a request, in milliseconds. */
  readonly idleGrace: number
  requestStarted(method: string): void
  /**
   * The response of a request is with the kernel, or lost.
   *
   * @param arrival `null` where it is not {@link timed}
   */
  requestFinished(exchange: ServedExchange, arrival: Arrival | null): void
  /** A connection began to linger. */
  connectionChanged(): void
  /** @param owing a response, or a part of one */
  connectionClosed(connection: HostedConnection, owing: boolean): void
  /** From now on `next` is what is counted and ended. */
  connectionReplaced(connection: HostedConnection, next: HostedConnection): void
  trackCall(call: PromiseLike<unknown>): void
  trackClosing(closing: PromiseLike<unknown>): void
}

/** A connection, as the server that counts it and lets it finish sees it. */
export interface HostedConnection {
  /** Something of it must not be cut off: a response, or a request whose head has begun. */
  readonly unfinished: boolean
  /** Nothing of a next request has arrived, and nothing is owed to the client. */
  readonly idle: boolean
  /** Called by the server's clock, with its milliseconds. */
  tick(now: number): void
  /** The server drains, or drains with less patience. */
  drain(): void
  /** Ends it now. Returns how many responses were cut off. */
  cutOff(): number
}

/** The client of a request, as far as forwarding fields are believed. */
export interface RequestClient {
  readonly remoteAddr: string | null
  readonly urlScheme: 'http' | 'https'
}

/** A connection that was accepted and is not read yet. */
export interface AcceptedConnection {
  readonly encrypted: boolean
  /** Of its handshake; `null` where there was none, or nothing is known of it. */
  readonly tls: Tls | null
  connect(events: TransportEvents): Transport
}
