import { isAscii } from 'node:buffer'
import type { AsyncBody, Chunk, ServerContext } from '@tsgi/spec'

type Reader = ReadableStreamDefaultReader<Chunk>
type Read = ReturnType<Reader['read']>

/**
 * Turns of the microtask queue that a stream gets to show its first chunk and its end. A body made of a string or of bytes
 * needs two, one that went through a transform nine.
 */
const TURNS = 10

/** Bytes up to here are looked at: as text they leave in one write with the head, which is worth 1.5 µs of 17. */
const TEXT_LIMIT = 8192
const decoder = new TextDecoder()

/**
 * The body of a `Response`: what is complete at once comes back as one chunk, so that the server can give its length;
 * everything else as a body that pulls the stream, one chunk ahead of nobody.
 *
 * @throws what the stream failed with before its first chunk
 */
export async function readStream(stream: ReadableStream<Chunk>, server: ServerContext): Promise<Chunk | AsyncBody> {
  const reader: Reader = stream.getReader()
  const first: Read = reader.read()
  const seen: { first?: Awaited<Read>; end: boolean } = { end: false }
  const sawEnd = (): void => void (seen.end = true)
  first.then((result) => (seen.first = result), sawEnd)
  reader.closed.then(sawEnd, sawEnd)
  for (let turn = 0; turn < TURNS && !seen.end; turn++) await undefined
  if (!seen.end) return new StreamBody(reader, first, seen.first?.value?.length ? undefined : server)
  const { done, value } = seen.first ?? (await first)
  return done ? '' : asText(value)
}

/** Reads hand on what the stream's reader gives: its results are iterator results. */
class StreamBody implements AsyncBody, AsyncIterator<Chunk> {
  readonly #reader: Reader
  #first: Read | undefined
  #unflushed: ServerContext | undefined

  /** @param unflushed the server, where nothing is there yet to make it send the head */
  constructor(reader: Reader, first: Read, unflushed: ServerContext | undefined) {
    this.#reader = reader
    this.#first = first
    this.#unflushed = unflushed
  }

  [Symbol.asyncIterator](): AsyncIterator<Chunk> {
    return this
  }

  next(): Read {
    const first = this.#first
    if (first === undefined) return this.#reader.read()
    this.#first = undefined
    // A fetch handler's response begins when it is returned, before there is a chunk: an event source waits for the head.
    this.#unflushed?.flush()
    return first
  }

  return(): Promise<IteratorResult<Chunk>> {
    this.close()
    return Promise.resolve({ done: true, value: undefined })
  }

  /** Ends the app's stream, where it has not ended: its `cancel` is called, and nobody waits for it. */
  close(): void {
    this.#reader.cancel().catch(() => undefined)
  }
}

/** A short chunk as a string where that is the same: ASCII in both. */
function asText(chunk: Chunk): Chunk {
  if (typeof chunk === 'string' || chunk.length > TEXT_LIMIT || !isAscii(chunk)) return chunk
  return decoder.decode(chunk)
}
