import { FormError } from './form-error.ts'

/** Where a body comes from: `environ.input`, a Node stream, an array in a test. */
export type ByteSource = AsyncIterable<Uint8Array>

/**
 * The whole of a body that must fit in memory.
 *
 * @throws FormError with status 413 as soon as more than `maxSize` bytes have come
 */
export async function readBytes(source: ByteSource, maxSize: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of source) {
    size += chunk.length
    if (size > maxSize) throw new FormError(413, `a body of at most ${maxSize} bytes was expected, and more came`)
    chunks.push(chunk)
  }
  return joined(chunks, size)
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}
