/** An adapter: applications of another interface, as TSGI applications. Put the interface of yours in the place of `Foreign`. */
import type { Application } from '@tsgi/spec'

/** What is adapted: here, a function of a request to a response whose body is a text. */
export interface Foreign {
  (request: ForeignRequest): Promise<ForeignResponse> | ForeignResponse
}

export interface ForeignRequest {
  readonly method: string
  /** As sent, without the prefix of a mount. */
  readonly path: string
  readonly query: string
  readonly headers: ReadonlyMap<string, string>
}

export interface ForeignResponse {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** The application on any TSGI server. Request bodies, repeated fields, streams and departures are still to be written. */
export function fromForeign(foreign: Foreign): Application {
  return async (environ, startResponse) => {
    const headers = new Map<string, string>()
    for (let i = 0; i < environ.headers.length; i += 2)
      headers.set(environ.headers[i] ?? '', environ.headers[i + 1] ?? '')
    const { requestMethod: method, pathInfo: path, queryString: query } = environ
    const response = await foreign({ method, path, query, headers })
    startResponse(response.status, Object.entries(response.headers ?? {}).flat())
    return response.body ?? null
  }
}
