/** A body on its way: pulled or pushed, no faster than the client takes it (SPEC B.5 to B.8, G.3, G.5). */
import type { AsyncBody, Body, Chunk, StreamingBody, SyncBody } from '@tsgi/spec'
import { AsyncDelivery } from './async-delivery.ts'
import type { Flow } from './carrier.ts'
import { PushDelivery } from './push-delivery.ts'
import { SyncDelivery } from './sync-delivery.ts'

/** Where a body's chunks go: its exchange. */
export interface DeliverySink {
  /** Of the body, so far. */
  readonly bytesSent: number
  /** The body is not wanted, or no more of it: HEAD, 204, 205, 304. */
  readonly discardsBody: boolean
  /** Why the response is broken; `null` while it is not. */
  readonly failure: unknown
  /** @throws ResponseError where the chunk breaks a rule */
  push(chunk: Chunk): void
  flush(): void
  end(): void
  fail(error: unknown): void
  /** An iterator's `return` failed. */
  noteClosing(error: unknown): void
  /** Calls the body's own `close`. */
  close(body: Body): void
}

export interface Delivery {
  /** There is room again. */
  resume(): void
  /** Ends it before its end: the client left, or it failed. Leaves the iterator, then closes the body (G.3). */
  stop(): void
}

/** Begins to deliver. `null`: it is over already. */
export function deliver(sink: DeliverySink, body: SyncBody | AsyncBody | StreamingBody, flow: Flow): Delivery | null {
  let delivery: SyncDelivery | AsyncDelivery | PushDelivery
  if (typeof body === 'function') delivery = new PushDelivery(sink, body, flow)
  else if (Symbol.asyncIterator in body) delivery = new AsyncDelivery(sink, body, flow)
  else delivery = new SyncDelivery(sink, body, flow)
  if (sink.discardsBody) {
    delivery.discard()
    return null
  }
  delivery.start()
  return delivery.done ? null : delivery
}
