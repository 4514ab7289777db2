import { header, isPromise, type Bytes, type Environ, type EnvironData, type Input } from '@tsgi/spec'

/** Whether a request has a body that a `Request` may carry: those of GET and HEAD are left to the server. */
export function hasBody(environ: EnvironData): boolean {
  if (environ.requestMethod === 'GET' || environ.requestMethod === 'HEAD') return false
  const length = header(environ, 'content-length')
  return length === undefined ? header(environ, 'transfer-encoding') !== undefined : length !== '0'
}

/**
 * A request body as a stream that reads when it is read, one chunk at a time. Not a byte stream: such a one would take over
 * the buffer behind each chunk, which the server may share between chunks.
 */
export function bodyStream(environ: Environ): ReadableStream<Uint8Array> {
  const { input } = environ
  return new ReadableStream<Uint8Array>({ pull: (controller) => pull(input, controller) }, { highWaterMark: 0 })
}

function pull(input: Input, controller: ReadableStreamDefaultController<Uint8Array>): void | PromiseLike<void> {
  const deliver = (bytes: Bytes): void => (bytes.length === 0 ? controller.close() : controller.enqueue(bytes))
  const bytes = input.read()
  return isPromise(bytes) ? bytes.then(deliver) : deliver(bytes)
}
