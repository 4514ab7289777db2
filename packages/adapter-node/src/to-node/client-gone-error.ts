/**
 * Why a response was not completed, and why writes reject: the client can receive nothing more. As the reason of a signal it has the
 * name by which code written for `fetch` recognizes a departure (SPEC U.7).
 */
export class ClientGoneError extends Error {
  override readonly name = 'AbortError'
  readonly code = 'TSGI_ERR_CLIENT_GONE'

  constructor() {
    super('the client left before the response was complete')
  }
}
