/** What the exercise applications send and count: the same for all, so that they differ in their framework alone. */
import type { ExerciseObserver } from '@tsgi/conformance/exercise-application'

export type Observe = ExerciseObserver

export const HELLO: string = 'Hello, World!\n'
export const LARGE: string = 'a'.repeat(8000)
/** Bytes of an upload after which it is refused. */
export const ENOUGH: number = 256 * 1024

const PIECE = 64 * 1024
const PIECES = 320
const PAUSE = 150

export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds))

export function* pieces(): Generator<Uint8Array> {
  for (let piece = 0; piece < PIECES; piece++) yield new Uint8Array(PIECE).fill(piece % 256)
}

export async function* lines(): AsyncGenerator<string> {
  yield 'one\n'
  await pause(PAUSE)
  yield 'two\n'
  await pause(PAUSE)
  yield 'three\n'
}

export async function* partial(): AsyncGenerator<string> {
  yield 'partial'
  await pause(50)
  throw new Error('secret: the body fails')
}

export async function* numbers(): AsyncGenerator<number> {
  yield 1
  await pause(PAUSE)
  yield 2
}

/** Waits for nothing until `signal` aborts. */
export async function* waiting(signal: AbortSignal, left: () => void): AsyncGenerator<string> {
  yield 'waiting'
  await aborted(signal)
  left()
}

export async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
}

export async function count(source: AsyncIterable<Uint8Array>, enough: number = Infinity): Promise<number> {
  let bytes = 0
  for await (const part of source) {
    bytes += part.length
    if (bytes >= enough) break
  }
  return bytes
}

export async function collect(source: AsyncIterable<Uint8Array>): Promise<Buffer<ArrayBuffer>> {
  const parts: Uint8Array[] = []
  for await (const part of source) parts.push(part)
  return Buffer.concat(parts)
}

export const sumOf = (bytes: Uint8Array): number => bytes.reduce((sum, byte) => sum + byte, 0)

/** For frameworks that take web streams. */
export function webStream(
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array | string>,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return ReadableStream.from(
    (async function* () {
      for await (const chunk of chunks) yield typeof chunk === 'string' ? encoder.encode(chunk) : chunk
    })(),
  )
}
