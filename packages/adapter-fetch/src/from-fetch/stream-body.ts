import { isAscii } from 'node:buffer'
import { isErrored, isReadable } from 'node:stream'
import type { AsyncBody, Chunk, Environ } from '@tsgi/spec'
import { report } from '../report.ts'

type Reader = ReadableStreamDefaultReader<Chunk>
type Read = ReturnType<Reader['read']>

/**
 * Turns of the microtask queue that a stream gets to show its only chunk and its end. A body made of a string or of bytes
 * needs one, one that went through a transform nine.
 */
const TURNS = 10

/** Bytes up to here are looked at: as text they leave in one write with the head, which saves 1.5 µs. */
const TEXT_LIMIT = 8192
const decoder = new TextDecoder()

/**
 * The body of a `Response`: what is complete at once comes back as one chunk, so that the server can give its length;
 * everything else as a body that reads the stream when it is itself read.
 *
 * @throws what the stream failed with before its end was seen
 */
export async function readStream(stream: ReadableStream<Chunk>, environ: Environ): Promise<Chunk | AsyncBody> {
  const reader: Reader = stream.getReader()
  const first: Read = reader.read()
  // What was read to its end is no longer readable, and neither is what failed. Of another library's stream nobody knows.
  for (let turn = 0; turn < TURNS && isReadable(stream) !== false; turn++) await undefined
  if (isReadable(stream) !== false) return new StreamBody(environ, reader, first, !(await hasContent(first)))
  const { done, value } = await first
  // One that failed after its chunk fails again; the chunk alone would look like the whole.
  if (isErrored(stream)) await reader.read()
  return done ? '' : asText(value)
}

/** Whether a chunk that is not empty has been read by now. */
async function hasContent(read: Read): Promise<boolean> {
  let content = false
  const look = ({ value }: Awaited<Read>): void => void (content = value !== undefined && value.length > 0)
  read.then(look, () => undefined)
  await undefined
  return content
}

/** Reads hand on what the stream's reader gives: its results are iterator results. */
class StreamBody implements AsyncBody, AsyncIterator<Chunk> {
  readonly #environ: Environ
  readonly #reader: Reader
  #first: Read | undefined
  #flush: boolean

  /** @param flush nothing is there yet that would make the server send the head */
  constructor(environ: Environ, reader: Reader, first: Read, flush: boolean) {
    this.#environ = environ
    this.#reader = reader
    this.#first = first
    this.#flush = flush
  }

  [Symbol.asyncIterator](): AsyncIterator<Chunk> {
    return this
  }

  next(): Read {
    const first = this.#first
    if (first === undefined) return this.#reader.read()
    this.#first = undefined
    // A fetch handler's response begins when it is returned, before there is a chunk: an event source waits for the head.
    if (this.#flush) this.#environ.server.flush()
    return first
  }

  return(): Promise<IteratorResult<Chunk>> {
    this.close()
    return Promise.resolve({ done: true, value: undefined })
  }

  /** Ends the app's stream, where it has not ended: its `cancel` is called, and nobody waits for it. */
  close(): void {
    this.#reader.cancel().catch((error: unknown) => {
      const failed = (): void => report(this.#environ.errors, "The cancel of a response's stream failed", error)
      // A stream that failed before rejects with that, which the server has heard from the read.
      this.#reader.closed.then(failed, () => undefined)
    })
  }
}

/** A short chunk as a string where that is the same: ASCII in both. */
function asText(chunk: Chunk): Chunk {
  if (!(chunk instanceof Uint8Array) || chunk.length > TEXT_LIMIT || !isAscii(chunk)) return chunk
  return decoder.decode(chunk)
}
