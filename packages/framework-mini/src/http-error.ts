import { statusReason, type HeaderList } from '@tsgi/spec'

/**
 * Ends a request with a status: thrown by a handler, or by the framework for what no handler answers (404, 405, a bad
 * path, a body of the wrong kind). Its message is for the client's eyes.
 *
 * @example throw new HttpError(404, 'No such entry.')
 */
export class HttpError extends Error {
  readonly status: number
  /** Fields that the answer must have, such as `allow` with 405. */
  readonly headers: HeaderList
  constructor(status: number, message: string = `${status} ${statusReason(status)}`, headers: HeaderList = []) {
    if (!(status >= 400 && status <= 599))
      throw new RangeError(`HttpError: expected a status of 400–599, got ${status}`)
    super(message)
    this.name = 'HttpError'
    this.status = status
    this.headers = headers
  }
}
