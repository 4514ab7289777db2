/** A body whose pieces are made in the context of its request: the server pulls them later, from a context of its own. */
import { context, type Context } from '@opentelemetry/api'
import { type AsyncBody, type Body, bodyCloser, type BodyHooks, type StreamingBody, type SyncBody } from '@tsgi/spec'

export function boundBody(body: Body, to: Context): Body {
  if (body === null || typeof body !== 'object') return typeof body === 'function' ? boundWriter(body, to) : body
  if (Array.isArray(body) || body instanceof Uint8Array) return body
  const close = boundClose(body as Body, to)
  if (Symbol.asyncIterator in body) {
    const bound: AsyncBody = { [Symbol.asyncIterator]: () => boundIterator(body[Symbol.asyncIterator](), to), close }
    return bound
  }
  const source = body as SyncBody
  const bound: SyncBody = { [Symbol.iterator]: () => boundIterator(source[Symbol.iterator](), to), close }
  return bound
}

function boundWriter(body: StreamingBody, to: Context): StreamingBody {
  const bound: StreamingBody = (out) => context.with(to, body, undefined, out)
  bound.close = boundClose(body, to)
  return bound
}

function boundClose(body: Body, to: Context): BodyHooks['close'] {
  const close = bodyCloser(body)
  return close === undefined ? undefined : (context.bind(to, close) as BodyHooks['close'])
}

function boundIterator<Source extends Iterator<unknown> | AsyncIterator<unknown>>(source: Source, to: Context): Source {
  const bound = {
    next: () => context.with(to, () => source.next()),
    ...(source.return !== undefined && { return: () => context.with(to, () => source.return?.()) }),
  }
  return bound as unknown as Source
}
