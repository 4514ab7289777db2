import { RequestParser } from '@tsgi/http1'
import { Http1Carrier } from './http1-carrier.ts'
import type { MakeWire } from './wire.ts'

export const http1: MakeWire = (owner) => ({
  reader: new RequestParser(owner.writing.host.settings.limits),
  carrier: new Http1Carrier(owner),
})
