import { GatheredBytes } from '@tsgi/spec/gathered-bytes'
import { FormError } from './form-error.ts'

/** Where a body comes from: `environ.input`, a Node stream, an array in a test. */
export type ByteSource = AsyncIterable<Uint8Array>

/**
 * The whole of a body that must fit in memory.
 *
 * @throws FormError with status 413 as soon as more than `maxSize` bytes have come
 */
export async function readBytes(source: ByteSource, maxSize: number): Promise<Uint8Array<ArrayBuffer>> {
  const gathered = new GatheredBytes()
  for await (const chunk of source) {
    if (gathered.length + chunk.length > maxSize) {
      throw new FormError(413, `a body of at most ${maxSize} bytes was expected, and more came`)
    }
    gathered.add(chunk)
  }
  return gathered.take()
}
