/** Why a response was not completed, and why writes reject: there is nobody to send to. */
export class ClientGoneError extends Error {
  override readonly name = 'ClientGoneError'
  readonly code = 'TSGI_ERR_CLIENT_GONE'

  constructor() {
    super('the client left before the response was complete')
  }
}
