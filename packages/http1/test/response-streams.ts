/** Streams of good responses, written by our own writer, with what a client must read of them. */
import * as fc from 'fast-check'
import { CHUNK_END, chunkHead, fieldLines, lastChunk, writeInterimHead, writeResponseHead } from '../src/index.ts'

export interface Exchange {
  readonly method: string
  readonly minorVersion: 0 | 1
  readonly status: number
  readonly interim: number
  readonly fields: readonly string[]
  /** `null`: nothing is said of a body. */
  readonly pieces: readonly string[]
  readonly lengthKnown: boolean
  readonly trailers: readonly string[]
}

const field = fc
  .tuple(
    fc.stringMatching(/^x-[a-z0-9!#$%&'*+.^_`|~-]{1,8}$/),
    fc.stringMatching(/^([\x21-\x7e\x80-\xff]([\t\x20-\x7e\x80-\xff]{0,12}[\x21-\x7e\x80-\xff])?)?$/),
  )
  .filter(([name]) => name !== 'x-')
const fields = fc.array(field, { maxLength: 4 }).map((list) => list.flat())

export const exchange: fc.Arbitrary<Exchange> = fc.record({
  method: fc.constantFrom('GET', 'GET', 'POST', 'HEAD'),
  minorVersion: fc.constantFrom(0, 1, 1, 1),
  status: fc.constantFrom(200, 200, 201, 204, 304, 404, 500),
  interim: fc.nat(2),
  fields,
  pieces: fc.array(fc.string({ minLength: 1, maxLength: 40, unit: 'binary-ascii' }), { maxLength: 4 }),
  lengthKnown: fc.boolean(),
  trailers: fields,
})

export const hasBody = ({ method, status }: Exchange): boolean => method !== 'HEAD' && status !== 204 && status !== 304

/** A response on the wire, and whether the connection ends with it. */
export function written(from: Exchange): { readonly text: string; readonly close: boolean } {
  const { minorVersion, status, interim, pieces } = from
  const body = pieces.join('')
  const length = status === 204 ? -2 : from.lengthKnown ? body.length : -1
  const facts = { minorVersion, hasBody: hasBody(from), keepAlive: true }
  const lines = { lines: fieldLines(from.fields), close: false, hasDate: false }
  const head = writeResponseHead(status, 'Any Reason', lines, length, facts, 'server: s\r\n', '')
  const before = minorVersion === 1 ? writeInterimHead(103, 'Early Hints', lines).repeat(interim) : ''
  const coded = pieces.map((piece) => chunkHead(piece.length) + piece + CHUNK_END).join('')
  const sent = { none: '', length: body, close: body, chunked: coded + lastChunk(fieldLines(from.trailers)) }
  return { text: before + head.text + sent[head.framing], close: head.close }
}

/** Exchanges on one connection: none follows a response that ends it. */
export const conversation: fc.Arbitrary<readonly Exchange[]> = fc
  .array(exchange, { minLength: 1, maxLength: 4 })
  .map((exchanges) => {
    const last = exchanges.findIndex((each) => written(each).close)
    return last < 0 ? exchanges : exchanges.slice(0, last + 1)
  })

export const conversationBytes = (exchanges: readonly Exchange[]): Buffer =>
  Buffer.from(exchanges.map((each) => written(each).text).join(''), 'latin1')
