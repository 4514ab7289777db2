import { crc32 } from 'node:zlib'

/** What an upload is answered with: how much came and, where a check asks for it, whether it was the same. */
export interface Received {
  readonly bytes: number
  readonly crc?: number
}

/** Takes an upload chunk by chunk, as an application that stores it would, and keeps none of it. */
export async function receive(chunks: AsyncIterable<Uint8Array>, withCrc: boolean): Promise<Received> {
  let bytes = 0
  let crc = 0
  for await (const chunk of chunks) {
    bytes += chunk.length
    if (withCrc) crc = crc32(chunk, crc)
  }
  return withCrc ? { bytes, crc } : { bytes }
}
