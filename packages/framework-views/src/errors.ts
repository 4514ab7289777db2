import { statusReason, type HeaderList } from '@tsgi/spec'

/** Thrown to answer with an error page. The message reaches the client in development only. */
export class HttpError extends Error {
  readonly status: number
  readonly headers: HeaderList
  constructor(status: number, message: string = statusReason(status), headers: HeaderList = []) {
    super(message)
    this.name = 'HttpError'
    this.status = status
    this.headers = headers
  }
}

/** What was asked for does not exist. */
export class Http404 extends HttpError {
  constructor(message?: string) {
    super(404, message)
  }
}

/** The settings or the URL patterns contradict themselves, or lack what is asked of them. */
export class ImproperlyConfigured extends Error {
  override readonly name = 'ImproperlyConfigured'
  readonly code = 'TSGI_ERR_VIEWS_CONFIG'
}

/** No route has this name, or none of its routes takes these parameters. The message lists what there is. */
export class NoReverseMatch extends Error {
  override readonly name = 'NoReverseMatch'
  readonly code = 'TSGI_ERR_VIEWS_REVERSE'
}
