/** Which responses are pages that may get a script at their end, and how it is put there. */
import {
  bodyCloser,
  header,
  headers as valuesOf,
  isPromise,
  type AsyncBody,
  type Awaitable,
  type Body,
  type BodyHooks,
  type Chunk,
  type Environ,
  type HeaderList,
  type StreamingBody,
  type SyncBody,
} from '@tsgi/spec'
import { allowsOwnScript } from './content-security-policy.ts'

/** Whether a request may be for a page: one that a browser shows, and not a part that a script fetches. */
export function asksForPage({ requestMethod, headers }: Environ): boolean {
  if (requestMethod !== 'GET') return false
  const destination = header(headers, 'sec-fetch-dest')
  if (destination !== undefined && !['document', 'iframe', 'frame'].includes(destination)) return false
  return header(headers, 'x-requested-with') === undefined && header(headers, 'hx-request') === undefined
}

/** Whether a response is a page to whose end text can be added, without harm to what its fields promise. */
export function isOpenPage(status: number, headers: HeaderList): boolean {
  if (status === 204 || status === 205 || status === 206 || status === 304) return false
  const type = header(headers, 'content-type') ?? ''
  if (!/^text\/html\s*(;|$)/i.test(type) || /charset\s*=\s*"?utf-?(16|32)/i.test(type)) return false
  const coding = header(headers, 'content-encoding')
  if (coding !== undefined && coding.toLowerCase() !== 'identity') return false
  if (header(headers, 'content-length') === '0' || /attachment/i.test(header(headers, 'content-disposition') ?? ''))
    return false
  if (['content-digest', 'repr-digest', 'digest', 'content-md5'].some((name) => header(headers, name) !== undefined))
    return false
  return allowsOwnScript(valuesOf(headers, 'content-security-policy'))
}

/** The fields of a response whose body becomes this much longer. */
export function lengthened(headers: HeaderList, by: number): HeaderList {
  return headers.map((value, at) =>
    at % 2 === 1 && headers[at - 1] === 'content-length' && /^\d+$/.test(value) ? String(Number(value) + by) : value,
  )
}

/**
 * A body with a chunk behind its last one, where `last` returns one then; of the same kind, and still closed by the original's
 * own way. Nothing is held back.
 */
export function withLastChunk(body: Body, last: () => Chunk | undefined): Body {
  if (body === null) return null
  if (typeof body === 'string' || body instanceof Uint8Array) return appended([body], last)
  if (isChunks(body)) return appended(body, last)
  const close = bodyCloser(body) as BodyHooks['close']
  if (typeof body === 'function') {
    const longer: StreamingBody = (out) => {
      const end = (): Awaitable<void> => {
        const chunk = last()
        return chunk === undefined ? undefined : out.write(chunk)
      }
      const result = body(out)
      return isPromise(result) ? result.then(end) : end()
    }
    longer.close = close
    return longer
  }
  if (Symbol.asyncIterator in body) {
    const longer: AsyncBody = { [Symbol.asyncIterator]: () => longerAsync(body[Symbol.asyncIterator](), last), close }
    return longer
  }
  const longer: SyncBody = { [Symbol.iterator]: () => longerSync(body[Symbol.iterator](), last), close }
  return longer
}

const isChunks = (body: Body): body is readonly Chunk[] => Array.isArray(body)

function appended(chunks: readonly Chunk[], last: () => Chunk | undefined): readonly Chunk[] {
  const chunk = last()
  return chunk === undefined ? chunks : [...chunks, chunk]
}

function longerSync(source: Iterator<Chunk>, last: () => Chunk | undefined): Iterator<Chunk> {
  let over = false
  return {
    next() {
      if (over) return DONE
      const result = source.next()
      if (result.done !== true) return result
      over = true
      return lastResult(last())
    },
    return: () => source.return?.() ?? DONE,
  }
}

function longerAsync(source: AsyncIterator<Chunk>, last: () => Chunk | undefined): AsyncIterator<Chunk> {
  let over = false
  return {
    async next() {
      if (over) return DONE
      const result = await source.next()
      if (result.done !== true) return result
      over = true
      return lastResult(last())
    },
    return: async () => (await source.return?.()) ?? DONE,
  }
}

const DONE = { done: true, value: undefined } as const

const lastResult = (chunk: Chunk | undefined): IteratorResult<Chunk, undefined> =>
  chunk === undefined ? DONE : { done: false, value: chunk }
