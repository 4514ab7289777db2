/** Streams of good requests, generated; what comes of them must not depend on how the network cuts them. */
import * as fc from 'fast-check'
import { expect } from 'vitest'
import { collect } from './collect.ts'

const token = fc.stringMatching(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,12}$/)
const value = fc.stringMatching(/^[\x21-\x7e]([\t\x20-\x7e]{0,20}[\x21-\x7e])?$/)
const plainField = fc
  .tuple(
    token.map((name) => `x-${name}`),
    value,
  )
  .map(([name, text]) => `${name}: ${text}\r\n`)
const body = fc.oneof(
  fc.constant(''),
  fc.string({ maxLength: 60 }).map((text) => `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`),
  fc.array(fc.string({ minLength: 1, maxLength: 20 }), { maxLength: 4 }).map((chunks) => {
    const coded = chunks.map((chunk) => `${Buffer.byteLength(chunk).toString(16)}\r\n${chunk}\r\n`).join('')
    return `Transfer-Encoding: chunked\r\n\r\n${coded}0\r\n\r\n`
  }),
)
export const request: fc.Arbitrary<string> = fc
  .tuple(
    token,
    fc.stringMatching(/^\/[a-z0-9/%.~-]{0,20}(\?[a-z=&]{0,10})?$/),
    fc.array(plainField, { maxLength: 5 }),
    body,
  )
  .filter(([method]) => method.length <= 32 && method !== 'CONNECT')
  .map(
    ([method, target, fields, rest]) =>
      `${method} ${target} HTTP/1.1\r\nHost: h\r\n${fields.join('')}${rest === '' ? '\r\n' : rest}`,
  )

/** @param runs streams that are tried, each whole, byte by byte, and cut in two at every offset */
export function expectSameHoweverCut(runs: number): void {
  fc.assert(
    fc.property(fc.array(request, { minLength: 1, maxLength: 3 }), (requests) => {
      const bytes = Buffer.from(requests.join(''))
      const whole = JSON.stringify(collect([bytes]))
      expect(JSON.stringify(collect([...bytes].map((byte) => Buffer.of(byte))))).toBe(whole)
      for (let cut = 1; cut < bytes.length; cut++) {
        const told = JSON.stringify(collect([bytes.subarray(0, cut), bytes.subarray(cut)]))
        if (told !== whole) expect(told, `cut at ${cut}`).toBe(whole)
      }
    }),
    { numRuns: runs },
  )
}
