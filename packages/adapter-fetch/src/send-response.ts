import { Readable } from 'node:stream'
import { inspect } from 'node:util'
import type { AsyncBody, Awaitable, Body, Environ, StartResponse } from '@tsgi/spec'
import { takeParts } from './fast-response.ts'
import { FetchAppError } from './fetch-app-error.ts'
import { toFields } from './header-fields.ts'
import { endToEnd } from './response-fields.ts'
import { readStream } from './stream-body.ts'

/**
 * Sends what a fetch app gave back. It costs no promise where the body is at hand: that of a fast response, and none at
 * all.
 *
 * @param where names the app's place in its file
 * @throws FetchAppError for what is no unread `Response`
 */
export function sendResponse(
  value: unknown,
  environ: Environ,
  startResponse: StartResponse,
  where: () => string,
): Awaitable<Body> {
  const parts = typeof value === 'object' && value !== null ? takeParts(value) : undefined
  if (parts !== undefined) {
    const { status, fields, body } = parts
    startResponse(status, endToEnd(fields, status))
    return body === null || typeof body === 'string' || body instanceof Uint8Array ? body : send(body, environ, where)
  }
  if (!isResponse(value)) {
    throw new FetchAppError(`The fetch app at ${where()} gave back ${inspect(value, { depth: 0 })}, not a Response`)
  }
  // Response.error() stands for a failed request and has status 0.
  if (value.status < 200) {
    throw new FetchAppError(
      `The fetch app at ${where()} gave back a Response of status ${value.status}; send 200 to 599`,
    )
  }
  startResponse(value.status, endToEnd(toFields(value.headers), value.status))
  return value.body === null ? null : send(value.body, environ, where)
}

/** By shape and not by class: frameworks bring their own, and so do libraries with a `fetch` of theirs. */
function isResponse(value: unknown): value is Pick<Response, 'status' | 'headers' | 'body'> {
  if (typeof value !== 'object' || value === null) return false
  const { status, headers, body } = value as Partial<Response>
  if (typeof status !== 'number' || typeof headers?.forEach !== 'function') return false
  return body === null || typeof body === 'object'
}

function send(body: ReadableStream | AsyncBody, environ: Environ, where: () => string): Awaitable<Body> {
  // Where a Response has a Node stream for its body, as some clients' have, the server pulls that.
  if (!('getReader' in body)) return body
  if (body.locked || Readable.isDisturbed(body)) {
    throw new FetchAppError(
      `The fetch app at ${where()} gave back a Response whose body was already read; send a clone()`,
    )
  }
  return readStream(body, environ.server)
}
