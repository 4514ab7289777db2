/** uwsgi on a connection: a packet of variables and the body behind it; the response is that of HTTP/1.0. */
import { UwsgiParser } from '@tsgi/cgi'
import type { RequestHead } from '@tsgi/http1'
import type { Environ, Input } from '@tsgi/spec'
import type { CarrierOwner } from '../carrier-owner.ts'
import { Connection } from '../connection.ts'
import type { ConnectionFacts } from '../environ.ts'
import { Http1Carrier } from '../http1-carrier.ts'
import type { HttpExchange } from '../http-exchange.ts'
import type { Protocol } from '../protocol.ts'
import { UNAVAILABLE } from '../unavailable.ts'
import type { MakeWire } from '../wire.ts'
import { gatewayEnviron } from './gateway-environ.ts'
import { GatewayReader } from './gateway-reader.ts'

class UwsgiCarrier extends Http1Carrier {
  readonly #owner: CarrierOwner

  constructor(owner: CarrierOwner) {
    super(owner)
    this.#owner = owner
  }

  override get namesClient(): boolean {
    return true
  }

  override environ(request: RequestHead, facts: ConnectionFacts, input: Input, exchange: HttpExchange): Environ {
    return gatewayEnviron(request, facts, this.#owner.writing.host, input, exchange)
  }
}

const wire: MakeWire = (owner) => ({
  reader: new GatewayReader('uwsgi', new UwsgiParser(owner.writing.host.settings.limits), owner),
  carrier: new UwsgiCarrier(owner),
})

export const uwsgi: Protocol = {
  connect: (host, accepted) => new Connection(host, accepted, wire),
  refuse: (accepted, linger, closed) => accepted.refuse(UNAVAILABLE, linger, closed),
}
