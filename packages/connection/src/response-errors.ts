/** What can go wrong with a response, apart from what an application throws. */

/** The application broke a rule of the interface. */
export class ResponseError extends Error {
  override readonly name = 'ResponseError'
  readonly code = 'TSGI_ERR_RESPONSE'
}

/** The application ended its response before it was complete. */
export class UnfinishedError extends ResponseError {}

/**
 * The client left, or was left, before the response was complete. As the reason of a signal it has the name by which code
 * written for `fetch` recognizes a departure (U.7).
 */
export class ClientGoneError extends Error {
  override readonly name = 'AbortError'
  readonly code = 'TSGI_ERR_CLIENT_GONE'
}
