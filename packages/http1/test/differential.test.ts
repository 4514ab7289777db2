/**
 * What our parser accepts, an independent one accepts with the same meaning. It may accept more, and does: that is what the
 * rules are for. Known differences are listed, with their reason.
 */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { collect } from './collect.ts'
import { seenByRuntime } from './independent-parser.ts'
import { bothReadings, METHODS, requestsOf } from './same-meaning.ts'

const value = fc.stringMatching(/^[\x21-\x7e]([\x20-\x7e]{0,12}[\x21-\x7e])?$/)
const field = fc.oneof(
  fc.tuple(fc.stringMatching(/^x-[a-zA-Z0-9]{1,8}$/), value).map(([name, text]) => `${name}: ${text}\r\n`),
  fc.constantFrom(
    'Connection: keep-alive\r\n',
    'Accept: */*\r\n',
    'X-Tab:\ta \t\r\n',
    'Cookie: a=b; c=d\r\n',
    'X-Empty:\r\n',
  ),
)
const body = fc.oneof(
  fc.constant('\r\n'),
  fc.stringMatching(/^[a-z\r\n ]{0,30}$/).map((text) => `Content-Length: ${text.length}\r\n\r\n${text}`),
  fc.array(fc.stringMatching(/^[a-z\r\n]{1,20}$/), { maxLength: 4 }).map((chunks) => {
    const coded = chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join('')
    return `Transfer-Encoding: chunked\r\n\r\n${coded}0\r\n\r\n`
  }),
)
const request = fc
  .tuple(
    fc.constantFrom(...METHODS),
    fc.stringMatching(/^\/[a-z0-9/%.~-]{0,12}(\?[a-z=&]{1,8})?$/),
    fc.array(field, { maxLength: 4 }),
    body,
  )
  .map(([method, target, fields, rest]) => `${method} ${target} HTTP/1.1\r\nHost: h\r\n${fields.join('')}${rest}`)
const stream = fc.array(request, { minLength: 1, maxLength: 4 }).map((requests) => Buffer.from(requests.join('')))

test('good requests mean the same to both', async () => {
  await fc.assert(
    fc.asyncProperty(stream, async (bytes) => {
      expect(await seenByRuntime(bytes)).toEqual(requestsOf(collect([bytes])))
    }),
    { numRuns: 150 },
  )
})

test('of damaged ones, whatever we accept the other accepts with the same meaning', async () => {
  const damage = fc.array(
    fc.tuple(
      fc.nat(),
      fc.oneof(fc.constantFrom(...Buffer.from('\r\n\t :;,0123456789abcdefx-_?#"')), fc.integer({ min: 0, max: 255 })),
    ),
    {
      minLength: 1,
      maxLength: 3,
    },
  )
  await fc.assert(
    fc.asyncProperty(stream, damage, async (bytes, changes) => {
      const damaged = Buffer.from(bytes)
      for (const [place, byte] of changes) damaged[place % damaged.length] = byte
      const readings = await bothReadings(damaged, collect([damaged]))
      expect(readings?.theirs).toEqual(readings?.ours)
    }),
    { numRuns: 600 },
  )
})
