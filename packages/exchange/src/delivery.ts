/** A body on its way: pulled or pushed, no faster than the client takes it (SPEC B.5 to B.8, G.3, G.5). */
import type { AsyncBody, StreamingBody, SyncBody } from '@tsgi/spec'
import { AsyncDelivery } from './async-delivery.ts'
import type { Delivery, DeliverySink } from './delivery-sink.ts'
import type { Flow } from './flow.ts'
import { PushDelivery } from './push-delivery.ts'
import { SyncDelivery } from './sync-delivery.ts'

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
