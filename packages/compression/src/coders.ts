/** The three codings of node:zlib. */
import { promisify } from 'node:util'
import zlib from 'node:zlib'
import type { Bytes } from '@tsgi/spec'
import type { Coding, Settings } from './options.ts'

/** Up to so many bytes are compressed at once, in well under a millisecond; more on another thread, which costs a wait. */
const AT_ONCE = 16 * 1024

const { constants } = zlib
const brotli = promisify(zlib.brotliCompress)
const gzip = promisify(zlib.gzip)
const zstd = promisify(zlib.zstdCompress)

/** A stream of a coding, and how it is asked for what it holds back. */
export interface Coder {
  readonly stream: zlib.Gzip | zlib.BrotliCompress | zlib.ZstdCompress
  readonly flushKind: number
}

const brotliOptions = (level: number, size: number): zlib.BrotliOptions => ({
  params: { [constants.BROTLI_PARAM_QUALITY]: level, [constants.BROTLI_PARAM_SIZE_HINT]: size },
})
const zstdOptions = (level: number): zlib.ZstdOptions => ({ params: { [constants.ZSTD_c_compressionLevel]: level } })

export function coderFor(coding: Coding, { levels }: Settings): Coder {
  switch (coding) {
    case 'br':
      return {
        stream: zlib.createBrotliCompress(brotliOptions(levels.br, 0)),
        flushKind: constants.BROTLI_OPERATION_FLUSH,
      }
    case 'gzip':
      return { stream: zlib.createGzip({ level: levels.gzip }), flushKind: constants.Z_SYNC_FLUSH }
    case 'zstd':
      return { stream: zlib.createZstdCompress(zstdOptions(levels.zstd)), flushKind: constants.ZSTD_e_flush }
  }
}

export function compressWhole(bytes: Uint8Array, coding: Coding, { levels }: Settings): Bytes | Promise<Bytes> {
  const now = bytes.length <= AT_ONCE
  switch (coding) {
    case 'br': {
      const options = brotliOptions(levels.br, bytes.length)
      return now ? zlib.brotliCompressSync(bytes, options) : brotli(bytes, options)
    }
    case 'gzip': {
      const options = { level: levels.gzip }
      return now ? zlib.gzipSync(bytes, options) : gzip(bytes, options)
    }
    case 'zstd': {
      const options = zstdOptions(levels.zstd)
      return now ? zlib.zstdCompressSync(bytes, options) : zstd(bytes, options)
    }
  }
}
