/** The reading half of the codec, with what bounds its memory. */
import { Buffer } from 'node:buffer'
import type { Bytes } from '@tsgi/spec'
import { Receiver, type CodecError, type Extensions } from './codec.ts'

/** A message that comes in more pieces than this, and in smaller ones on average, costs more memory than it is worth. */
const FEWEST_PIECES = 4096
const LEAST_PIECE = 256

/** Deflate makes at most 1032 bytes of one: so much is read at a time that what becomes of it stays near `maxPayload`. */
export const COMPRESSED_SLICE = 1024

/** @param maxPayload bytes of a message, also once it is decompressed */
export function receiverFor(extensions: Extensions, maxPayload: number): Receiver {
  const pieces = Math.max(FEWEST_PIECES, Math.ceil(maxPayload / LEAST_PIECE))
  return new Receiver({ isServer: true, extensions, maxPayload, maxFragments: pieces, maxBufferedChunks: pieces })
}

/**
 * Gives bytes to the codec, which is a stream: to what the stream would call, since the stream itself costs as much as the reading
 * of a short frame. One call at a time.
 *
 * @param done called when they are read: at once, but for compressed messages
 */
export function feed(receiver: Receiver, bytes: Bytes, done: (error?: CodecError | null) => void): void {
  const { buffer, byteOffset, length } = bytes
  receiver._write(Buffer.isBuffer(bytes) ? bytes : Buffer.from(buffer, byteOffset, length), 'buffer', done)
}
