import type { Body, Chunk, StreamingBody } from '@tsgi/spec'

/** What a WSGI application returned, once it was checked: a TSGI body that is neither `null` nor a function. */
export type ReturnedBody = Exclude<Body, null | StreamingBody>

/** @throws TypeError for what cannot be iterated */
export function checkedResult(result: unknown): ReturnedBody {
  if (typeof result === 'string' || result instanceof Uint8Array || Array.isArray(result)) return result as ReturnedBody
  if (typeof result === 'object' && result !== null && (Symbol.iterator in result || Symbol.asyncIterator in result)) {
    return result as ReturnedBody
  }
  const came = typeof result === 'object' ? 'an object that cannot be iterated' : String(typeof result)
  throw new TypeError(
    `a WSGI application returns an iterable of chunks, such as ['Hello\\n']; came ${result === null ? 'null' : came}`,
  )
}

export function chunksOf(body: ReturnedBody): Iterable<Chunk> | AsyncIterable<Chunk> {
  return typeof body === 'string' || body instanceof Uint8Array ? [body] : body
}
