/** Streams of good requests, generated. */
import * as fc from 'fast-check'
import { record, writeFastCgiBody, writeFastCgiRequest, writeUwsgiPacket } from '../src/index.ts'
import { variables } from './collect.ts'

const fields = fc.dictionary(
  fc.stringMatching(/^HTTP_X_[A-Z0-9]{1,12}$/),
  fc.stringMatching(/^([\x21-\x7e]([\t\x20-\x7e]{0,150}[\x21-\x7e])?)?$/),
  { maxKeys: 6 },
)

interface Parts {
  readonly uri: string
  readonly fields: Readonly<Record<string, string>>
  readonly body: string
}

const parts: fc.Arbitrary<Parts> = fc.record({
  uri: fc.stringMatching(/^\/[a-z0-9/%.~-]{0,20}(\?[a-z=&]{0,10})?$/),
  fields,
  body: fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
})

const listOf = ({ uri, fields, body }: Parts): string[] =>
  variables({
    ...fields,
    REQUEST_URI: uri,
    REQUEST_METHOD: body === '' ? 'GET' : 'POST',
    CONTENT_LENGTH: body === '' ? '' : String(body.length),
  })

export const uwsgiStream: fc.Arbitrary<Buffer> = parts.map((one) =>
  Buffer.concat([writeUwsgiPacket(listOf(one)), Buffer.from(one.body, 'latin1')]),
)

const fastCgiRequest = fc.tuple(parts, fc.integer({ min: 1, max: 40 }), fc.boolean()).map(([one, size, asks]) => {
  const pieces = one.body.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? []
  const body = [...pieces.map((piece) => writeFastCgiBody(1, piece)), writeFastCgiBody(1, '')]
  return writeFastCgiRequest(1, listOf(one), true) + body.join(asks ? record(9, 0, '') : '')
})

export const fastCgiStream: fc.Arbitrary<Buffer> = fc
  .array(fastCgiRequest, { minLength: 1, maxLength: 3 })
  .map((requests) => Buffer.from(requests.join(''), 'latin1'))
