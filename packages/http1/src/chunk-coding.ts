/** The chunked transfer coding, outgoing (RFC 9112 §7.1). */

/** What goes before a chunk of `size` bytes. A size of zero would end the body: never write one. */
export function chunkHead(size: number): string {
  return `${size.toString(16)}\r\n`
}

export const CHUNK_END = '\r\n'

/** What ends a chunked body. `trailerLines` as written by `fieldLines`. */
export function lastChunk(trailerLines: string): string {
  return `0\r\n${trailerLines}\r\n`
}
