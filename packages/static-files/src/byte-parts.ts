import { randomUUID } from 'node:crypto'
import type { ByteRange } from '@tsgi/http-fields'
import type { FilePart } from './file-body.ts'

export interface Multipart {
  readonly contentType: string
  readonly length: number
  readonly parts: readonly FilePart[]
}

/** Several ranges as `multipart/byteranges` (RFC 9110 §14.6). The boundary is random, so that no content can forge it. */
export function multipart(ranges: readonly ByteRange[], size: number, contentType: string): Multipart {
  const boundary = randomUUID()
  const parts: FilePart[] = []
  let length = 0
  for (const range of ranges) {
    const start = parts.length === 0 ? '' : '\r\n'
    const head = `${start}--${boundary}\r\ncontent-type: ${contentType}\r\ncontent-range: ${contentRange(range, size)}\r\n\r\n`
    parts.push(head, range)
    length += head.length + range.last - range.first + 1
  }
  const end = `\r\n--${boundary}--\r\n`
  parts.push(end)
  return { contentType: `multipart/byteranges; boundary=${boundary}`, length: length + end.length, parts }
}

export const contentRange = ({ first, last }: ByteRange, size: number): string => `bytes ${first}-${last}/${size}`
