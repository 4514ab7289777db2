import type { ClientGoneError } from '@tsgi/exchange'
import type { UpgradeHandler } from '@tsgi/spec'
import type { HttpExchange } from './http-exchange.ts'
import type { Writing } from './writing.ts'

/** Whose responses a carrier writes. */
export interface CarrierOwner {
  readonly writing: Writing
  /** Whether the connection cannot continue after a response that begins now. `whole`: its body is at hand, nothing more will be read. */
  mustClose(whole: boolean): boolean
  /** The head of a response goes out before its body is known whole. */
  firstByteLeaves(): void
  responseDone(exchange: HttpExchange): void
  /** The response must not look complete. */
  responseBroken(exchange: HttpExchange): void
  clientGone(exchange: HttpExchange, why: ClientGoneError): void
  switchProtocols(exchange: HttpExchange, run: UpgradeHandler): void
  flushSoon(): void
}
