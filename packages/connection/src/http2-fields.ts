/** The fields of an HTTP/2 response: as an application gave them, and as a stream sends them. */
import { type CheckedFields, checkTrailers, type FieldPreparer, fieldPreparer, withContentLength } from '@tsgi/exchange'
import type { HeaderList } from '@tsgi/spec'

export type Http2Fields = CheckedFields

// 9113 §8.2.2: fields about a connection are not sent; a stream ends by itself.
const withoutConnection = (fields: CheckedFields): Http2Fields => {
  const { list } = fields
  if (!fields.close && !list.includes('upgrade')) return fields
  const kept: string[] = []
  for (let at = 0; at < list.length; at += 2) {
    const name = list[at] as string
    if (name !== 'connection' && name !== 'upgrade') kept.push(name, list[at + 1] as string)
  }
  return { ...fields, list: kept }
}

/** @throws FieldError */
export const prepareHttp2Fields: FieldPreparer<Http2Fields> = fieldPreparer(withoutConnection)

/** @throws FieldError */
export const prepareHttp2Trailers = (trailers: HeaderList): Http2Fields => withoutConnection(checkTrailers(trailers))

/**
 * A head as the library takes it: `:status`, then names and values.
 *
 * @param length what `content-length` says; negative where there is none
 * @param serverHeader value of `server`; `''` where it is not sent
 */
export function http2Head(status: number, fields: Http2Fields, length: number, serverHeader: string): string[] {
  const head = [':status', String(status), ...withContentLength(fields, length)]
  if (serverHeader !== '') head.push('server', serverHeader)
  return head
}

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

/** Whether the library takes a head as a list, as it does since Node 24.7: an older one sends no response then, and reports nothing. */
export const TAKES_LISTS: boolean = major > 24 || (major === 24 && minor >= 7)

/** Names and values as the object that the library takes where it takes no list. */
export function http2Block(list: HeaderList): Record<string, string[]> {
  const block: Record<string, string[]> = {}
  for (let at = 0; at < list.length; at += 2) (block[list[at] as string] ??= []).push(list[at + 1] as string)
  return block
}
