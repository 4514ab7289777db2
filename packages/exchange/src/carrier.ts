/** What an exchange needs of the host that carries its bytes: an HTTP/1.1 connection, a stream, another server's response. */
import type { Chunk, HeaderList, UpgradeHandler } from '@tsgi/spec'
import type { Logger } from '@tsgi/spec/server'
import type { ErrorPageMaker } from './error-page.ts'
import type { ClientGoneError } from './errors.ts'
import type { ExchangeRequest } from './exchange-request.ts'
import type { Flow } from './flow.ts'

/** Fields in the host's own form. */
export interface PreparedFields {
  /** As the application declared it; -1 where it did not. */
  readonly contentLength: number
}

/** The length of a body that is known only at its end. */
export const UNKNOWN_LENGTH = -1
/** Of a body of which nothing is known, as with HEAD and 304 where the application gave `null`: no length is claimed (L.6). */
export const UNSAID_LENGTH = -2

/** An exchange as its carrier sees it. */
export interface CarriedExchange<Fields extends PreparedFields, Request extends ExchangeRequest> {
  readonly request: Request
  readonly status: number
  /** As the application passed them last, in the carrier's form; `null` before `startResponse`. */
  readonly fields: Fields | null
  /** A response to HEAD, and one with status 204, 205 or 304, has no bytes of a body (L.5, L.7). */
  readonly takesBody: boolean
  /** What the head says as `content-length`; negative where it has none. */
  contentLength(known: number): number
  /** Why the response is not whole; `null` while nothing is wrong. */
  readonly failure: unknown
  /** There is room again after {@link Flow.blocked}. */
  resume(): void
  /** The host begins to stop (U.8). */
  drainBegan(): void
  /** The response is out, or lost. */
  finished(): void
}

/**
 * Carries exchanges. How a body is delimited, whether a connection is kept, and which version is spoken, are the carrier's
 * affair.
 *
 * For each exchange the carrier is called in this order: `interim` any number of times; then either `whole`, or `head`,
 * `chunk` any number of times, and `end` or `breakOff`; or `upgrade` alone. After `whole`, `end`, `breakOff` and `upgrade`
 * it is called no more, and calls {@link CarriedExchange.finished} once the response is out or lost.
 */
export interface Carrier<Fields extends PreparedFields, Request extends ExchangeRequest> extends Flow {
  readonly log: Logger
  /** Shows an application's errors to the client; `null` outside development. */
  readonly developmentPage: ErrorPageMaker | null
  /**
   * Checks fields and gives them in the host's form. Runs inside `startResponse` (S.6).
   *
   * @throws FieldError
   */
  prepare(headers: HeaderList, status: number): Fields
  /**
   * The same for the fields that follow a body.
   *
   * @throws FieldError
   */
  prepareTrailers(trailers: HeaderList): Fields
  /** The application asked for `signal`: a host that looks for departures only when asked begins now. */
  watch(): void
  /**
   * The application asked for `draining` (U.8). From now on the carrier calls {@link CarriedExchange.drainBegan} when the host begins to
   * stop.
   *
   * @returns whether it has begun already; `null` where this host is not notified of its end
   */
  watchDraining(): boolean | null
  /** Sends a `103 Early Hints` response, now. */
  interim(fields: Fields): void
  /**
   * A complete response whose head is `exchange.status` and `exchange.fields`.
   *
   * @param length bytes of the body, or {@link UNSAID_LENGTH}
   * @param content strings in it are ASCII. Not sent where `exchange.takesBody` is false
   */
  whole(exchange: CarriedExchange<Fields, Request>, length: number, content: Chunk | readonly Chunk[]): void
  /** The head of a response whose length is known only where the application declared it. */
  head(exchange: CarriedExchange<Fields, Request>): void
  /** @param chunk of `size` bytes, at least one; a string is ASCII */
  chunk(chunk: Chunk, size: number): void
  /** Everything was given. `trailers`: `null` where there are none. */
  end(exchange: CarriedExchange<Fields, Request>, trailers: Fields | null): void
  /** The response is broken after its head: the client must not take it for complete (F.2). */
  breakOff(exchange: CarriedExchange<Fields, Request>): void
  /** The application stopped because its client ended its side: the client is gone now (F.7). */
  giveUp(exchange: CarriedExchange<Fields, Request>, why: ClientGoneError): void
  /** Answers 101 and hands the connection to `run` (U.6). */
  upgrade(exchange: CarriedExchange<Fields, Request>, protocol: string, fields: Fields, run: UpgradeHandler): void
}
