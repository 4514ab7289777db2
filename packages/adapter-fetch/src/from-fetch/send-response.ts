import { Readable } from 'node:stream'
import { inspect } from 'node:util'
import type { AsyncBody, Awaitable, Body, Environ, StartResponse } from '@tsgi/spec'
import { takeParts, type ResponseParts } from './fast-response.ts'
import { FetchAppError } from './fetch-app-error.ts'
import { toFields } from '../header-fields.ts'
import { endToEnd } from '../response-fields.ts'
import { readStream } from './stream-body.ts'

/** Names an app's place in its file, for the request that failed. */
export type Place = (environ: Environ) => string

/**
 * Sends what a fetch app gave back. It costs no promise where the body is at hand: that of a fast response, and none at
 * all.
 *
 * @throws FetchAppError for what is no unread `Response`
 */
export function sendResponse(
  value: unknown,
  environ: Environ,
  startResponse: StartResponse,
  where: Place,
): Awaitable<Body> {
  const { status, fields, body } = partsOf(value, environ, where)
  startResponse(status, endToEnd(fields, status))
  if (body === null || typeof body === 'string' || body instanceof Uint8Array) return body
  // Where a Response has a Node stream for its body, as some clients' have, the server pulls that.
  if (!('getReader' in body)) return body
  if (body.locked || Readable.isDisturbed(body)) {
    throw new FetchAppError(
      `The fetch app at ${where(environ)} gave back a Response that was already read; send a clone()`,
    )
  }
  return readStream(body, environ)
}

interface Parts extends Omit<ResponseParts, 'body'> {
  readonly body: ResponseParts['body'] | AsyncBody
}

/** By shape and not by class: frameworks have a Response of their own, and so have libraries with a `fetch` of theirs. */
function partsOf(value: unknown, environ: Environ, where: Place): Parts {
  if (typeof value === 'object' && value !== null) {
    const parts = takeParts(value)
    if (parts !== undefined) return parts
    const { status, headers, body } = value as Partial<Response>
    if (typeof status === 'number' && typeof headers?.entries === 'function' && typeof body === 'object') {
      if (status >= 200) return { status, fields: toFields(headers), body }
      // Response.error() stands for a request that failed.
      throw new FetchAppError(
        `The fetch app at ${where(environ)} gave back a Response of status ${status}; send 200 to 599`,
      )
    }
  }
  throw new FetchAppError(
    `The fetch app at ${where(environ)} gave back ${inspect(value, { depth: 0 })}, not a Response`,
  )
}
