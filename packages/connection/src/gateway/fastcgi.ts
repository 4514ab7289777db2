/** FastCGI on a connection, which may be kept for the next request. */
import { endRequest, FastCgiParser, REQUEST_COMPLETE, STDOUT, stream } from '@tsgi/cgi'
import { Connection } from '../connection.ts'
import type { Protocol } from '../protocol.ts'
import type { MakeWire, WireOwner } from '../wire.ts'
import { FastCgiCarrier } from './fastcgi-carrier.ts'
import { GatewayReader } from './gateway-reader.ts'

/** Notices that the gateway wants no response any more, while one is being made. */
class FastCgiReader extends GatewayReader {
  readonly #records: FastCgiParser
  readonly #owner: WireOwner

  constructor(records: FastCgiParser, owner: WireOwner) {
    super('fastcgi', records, owner)
    this.#records = records
    this.#owner = owner
  }

  override receive(bytes: Buffer, length: number): void {
    super.receive(bytes, length)
    if (!this.#records.aborted) return
    const { writing } = this.#owner
    writing.outbox.text(endRequest(this.#records.requestId, REQUEST_COMPLETE))
    writing.flush()
    this.#owner.leaveConnection('the gateway aborted the request')
  }
}

const wire: MakeWire = (owner) => {
  const records = new FastCgiParser(owner.writing.host.settings.limits)
  return { reader: new FastCgiReader(records, owner), carrier: new FastCgiCarrier(owner, records) }
}

/** Its request was not read; every gateway begins with request 1. */
const UNAVAILABLE =
  stream(STDOUT, 1, 'Status: 503 Service Unavailable\r\ncontent-length: 0\r\nretry-after: 1\r\n\r\n') +
  endRequest(1, REQUEST_COMPLETE)

export const fastcgi: Protocol = {
  connect: (host, accepted) => new Connection(host, accepted, wire),
  refuse: (accepted, linger, closed) => accepted.refuse(UNAVAILABLE, linger, closed),
}
