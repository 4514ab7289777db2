/** What can go wrong with a response, apart from what an application throws. */

/** The application broke a rule of the interface. */
export class ResponseError extends Error {
  override readonly name = 'ResponseError'
  readonly code = 'TSGI_ERR_RESPONSE'
}

/** The client left, or was left, before the response was complete. */
export class ClientGoneError extends Error {
  override readonly name = 'ClientGoneError'
  readonly code = 'TSGI_ERR_CLIENT_GONE'
}
