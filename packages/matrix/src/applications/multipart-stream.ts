/** A multipart form of the exercises, for frameworks that leave the parsing to a library. */
import { readMultipart } from '@tsgi/http-fields'
import { collect, sumOf } from './material.ts'

export interface UploadedFile {
  readonly title: string
  readonly filename: string
  readonly size: number
  readonly sum: number
}

export async function uploadedFile(source: AsyncIterable<Uint8Array>, contentType: string): Promise<UploadedFile> {
  let title = ''
  let file = { filename: '', size: 0, sum: 0 }
  for await (const part of readMultipart(source, contentType)) {
    if (part.kind === 'field') title = part.value
    else {
      const bytes = await collect(part.content)
      file = { filename: part.filename, size: bytes.length, sum: sumOf(bytes) }
    }
  }
  return { title, ...file }
}
