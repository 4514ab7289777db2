/** What a server throws where an application breaks a rule (SPEC S.6, S.10). */
import type { HeaderList } from '@tsgi/spec'
import { checkFields, checkTrailers, type FaultSink } from './fields.ts'

/** A rule about the response was broken. */
export class RefusedResponse extends Error {
  readonly code = 'TSGI_ERR_RESPONSE'
}

/** A list of fields breaks H.1 to H.3, H.6, L.3 or U.4. */
export class RefusedFields extends TypeError {
  readonly code = 'TSGI_ERR_FIELD'
}

/** Why a response was given up: the client left, as the request said it would. */
export class ClientGone extends Error {
  override readonly name = 'AbortError'
  readonly code = 'TSGI_ERR_CLIENT_GONE'
}

const refuse: FaultSink = {
  fault(_, done) {
    throw new RefusedFields(done)
  },
}

/**
 * Refuses what a final response must not say.
 *
 * @returns the declared length, or -1
 * @throws RefusedResponse, RefusedFields
 */
export function checkHead(status: number, headers: HeaderList): number {
  if (!Number.isInteger(status) || status < 200 || status > 599) {
    throw new RefusedResponse(`expected a status from 200 to 599, got ${String(status)}`)
  }
  return checkFields(headers, status, refuse)
}

/** @throws RefusedFields */
export function checkHints(headers: HeaderList): void {
  checkFields(headers, 103, refuse)
}

/** @throws RefusedFields */
export function checkProducedTrailers(headers: HeaderList): HeaderList {
  checkTrailers(headers, refuse)
  return headers
}
