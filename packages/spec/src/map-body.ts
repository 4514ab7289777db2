import { isPromise } from './awaitable.ts'
import type { AsyncBody, Body, BodyHooks, BodyWriter, Chunk, StreamingBody, SyncBody } from './body.ts'

/** The body's own way to be closed: `close`, else `Symbol.asyncDispose`, else `Symbol.dispose`; `undefined` where it has none. */
export function bodyCloser(body: Body): (() => unknown) | undefined {
  if (body === null || typeof body === 'string' || Array.isArray(body) || body instanceof Uint8Array) return undefined
  const closable = body as BodyHooks & Partial<AsyncDisposable & Disposable>
  if (typeof closable.close === 'function') return () => closable.close?.()
  if (typeof closable[Symbol.asyncDispose] === 'function') return () => disposed(closable[Symbol.asyncDispose]?.())
  if (typeof closable[Symbol.dispose] === 'function') return () => closable[Symbol.dispose]?.()
  if (!GENERATORS_DISPOSE && isGenerator(body)) return () => body.return(undefined)
  return undefined
}

/** False in Node 22, where what a newer Node does in a generator's disposal is `return`. */
const GENERATORS_DISPOSE = Symbol.dispose in (function* () {})()

const isGenerator = (body: object): body is Generator | AsyncGenerator =>
  Symbol.toStringTag in body && /^(?:Async)?Generator$/.test(String(body[Symbol.toStringTag]))

// A Node stream that was left by `return` rejects its disposal with an AbortError: with what was asked of it.
async function disposed(disposal: PromiseLike<void> | undefined): Promise<void> {
  try {
    await disposal
  } catch (error) {
    if (!(error instanceof Error && error.name === 'AbortError')) throw error
  }
}

/**
 * A body with every chunk passed through `map`, of the same kind (sync stays sync) and still closed by the original's
 * `close`. Chunks keep their borders. A middleware that changes lengths removes `content-length` itself.
 *
 * @example mapBody(body, (chunk) => (typeof chunk === 'string' ? chunk.toUpperCase() : chunk))
 */
export function mapBody(body: Body, map: (chunk: Chunk) => Chunk): Body {
  if (body === null) return null
  if (typeof body === 'string' || body instanceof Uint8Array) return map(body)
  if (isChunks(body)) return body.map((chunk) => map(chunk))
  const close = bodyCloser(body) as BodyHooks['close']
  if (typeof body === 'function') {
    const mapped: StreamingBody = (out) =>
      body({ write: (chunk) => out.write(map(chunk)), flush: () => out.flush() } satisfies BodyWriter)
    mapped.close = close
    return mapped
  }
  if (Symbol.asyncIterator in body) {
    const mapped: AsyncBody = { [Symbol.asyncIterator]: () => mapAsync(body[Symbol.asyncIterator](), map), close }
    return mapped
  }
  const mapped: SyncBody = { [Symbol.iterator]: () => mapSync(body[Symbol.iterator](), map), close }
  return mapped
}

const isChunks = (body: Body): body is readonly Chunk[] => Array.isArray(body)

function mapSync(source: Iterator<Chunk>, map: (chunk: Chunk) => Chunk): Iterator<Chunk> {
  return {
    next: () => mapResult(source.next(), map),
    return: () => source.return?.() ?? { done: true, value: undefined },
  }
}

function mapAsync(source: AsyncIterator<Chunk>, map: (chunk: Chunk) => Chunk): AsyncIterator<Chunk> {
  return {
    next() {
      const result = source.next() as PromiseLike<IteratorResult<Chunk>> | IteratorResult<Chunk>
      return isPromise(result)
        ? Promise.resolve(result).then((r) => mapResult(r, map))
        : Promise.resolve(mapResult(result, map))
    },
    return: async () => (await source.return?.()) ?? { done: true, value: undefined },
  }
}

const mapResult = (result: IteratorResult<Chunk>, map: (chunk: Chunk) => Chunk): IteratorResult<Chunk> =>
  result.done ? result : { done: false, value: map(result.value) }
