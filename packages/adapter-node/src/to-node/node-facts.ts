import type { IncomingMessage } from 'node:http'
import type { ExchangeRequest } from '@tsgi/exchange'
import type { HeaderList } from '@tsgi/spec'

/** What an exchange asks of an `IncomingMessage`. */
export interface NodeFacts extends ExchangeRequest {
  readonly headers: HeaderList
}

/** @param headers its fields as `lowerCaseList` gives them */
export function factsOf(request: IncomingMessage, headers: HeaderList): NodeFacts {
  const offered = request.headers.upgrade?.split(',').map((protocol) => protocol.trim()) ?? null
  return { method: request.method ?? 'GET', path: request.url ?? '/', headers, upgrade: offered }
}
