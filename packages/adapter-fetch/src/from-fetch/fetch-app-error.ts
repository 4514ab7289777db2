/** A fetch app gave back something that cannot be sent. The message says where the app is. */
export class FetchAppError extends TypeError {
  readonly code = 'TSGI_ERR_FETCH_RESPONSE'

  constructor(message: string) {
    super(message)
    this.name = 'FetchAppError'
  }
}
