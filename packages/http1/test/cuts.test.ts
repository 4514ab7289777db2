/** The same bytes give the same events, however the network cuts them. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { collect } from './collect.ts'
import { expectSameHoweverCut, request } from './streams.ts'

const STREAMS: readonly string[] = [
  'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
  '\r\nGET /a?b HTTP/1.1\r\nHost: a:1\r\nX:  y \r\nConnection: close\r\n\r\n',
  'POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\nhello worldGET / HTTP/1.1\r\nHost: b\r\n\r\n',
  'POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;e=f\r\nhello\r\n10\r\n0123456789abcdef\r\n0\r\nT: u\r\n\r\nGET /b HTTP/1.0\r\n\r\n',
  'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\nGET http://u:2/x?y HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\n\r\n',
  'GET / HTTP/1.1\nHost: a\n\n',
  'GET / HTTP/1.1\r\nHost: a\r\nBad Name: x\r\n\r\n',
  'GET / HTTP/1.1\r\nHost: a\r\nA: b\rc\r\n\r\n',
  'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloX',
  'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffff\r\n',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  '\x16\x03\x01\x02\x00\x01\x00',
  'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel',
  `GET /${'a'.repeat(300)} HTTP/1.1\r\nHost: a\r\n\r\n`,
  `GET / HTTP/1.1\r\nHost: a\r\nX: ${'b'.repeat(600)}\x01\r\n\r\n`,
  `GET / HTTP/1.1\r\nHost: a\r\n${'N: v\r\n'.repeat(12)}\r\n`,
  `GET / HTTP/1.1\r\nHost: a\r\n${'n'.repeat(520)}(\r\n\r\n`,
]
const limits = { maxTargetSize: 200, maxHeaderSize: 500, maxHeaders: 10, maxBodySize: 1000 }

describe.each(STREAMS.map((text, index) => [index, text] as const))('stream %i', (_index, text) => {
  const bytes = Buffer.from(text, 'latin1')
  const whole = collect([bytes], { limits })

  test('byte by byte', () => {
    expect(
      collect(
        [...bytes].map((byte) => Buffer.of(byte)),
        { limits },
      ),
    ).toEqual(whole)
  })
  test('cut in two at every offset', () => {
    for (let cut = 1; cut < bytes.length; cut++) {
      expect(collect([bytes.subarray(0, cut), bytes.subarray(cut)], { limits }), `cut at ${cut}`).toEqual(whole)
    }
  })
})

describe('generated streams', () => {
  test('give the same events whole, byte by byte, and cut at every offset', () => {
    expectSameHoweverCut(100)
  })

  test('of good requests are told whole, in order, and alike however they are cut', () => {
    fc.assert(
      fc.property(
        fc.array(request, { minLength: 1, maxLength: 4 }),
        fc.array(fc.nat(400), { maxLength: 6 }),
        (requests, cuts) => {
          const bytes = Buffer.from(requests.join(''))
          const whole = collect([bytes])
          expect(whole.filter((event) => event.type === 'request')).toHaveLength(requests.length)
          expect(whole.at(-1)?.type).toBe('eof')
          const places = [...new Set(cuts.map((cut) => cut % bytes.length))].sort((a, b) => a - b)
          expect(collect([0, ...places].map((place, i) => bytes.subarray(place, places[i] ?? bytes.length)))).toEqual(
            whole,
          )
        },
      ),
      { numRuns: 300 },
    )
  })
  test('that were damaged give the same however they are cut, and at most one error, at the end', () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(fc.array(request, { minLength: 1, maxLength: 3 }), damage, (requests, changes) => {
        const bytes = Buffer.from(requests.join(''))
        for (const [place, byte] of changes) bytes[place % bytes.length] = byte
        const whole = collect([bytes])
        const errors = whole.filter((event) => event.type === 'error')
        expect(errors.length).toBeLessThanOrEqual(1)
        if (errors.length === 1) expect(whole.at(-1)).toBe(errors[0])
        expect(collect([...bytes].map((byte) => Buffer.of(byte)))).toEqual(whole)
      }),
      { numRuns: 500 },
    )
  })
  test('of noise never crash it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        collect([Buffer.from(noise)])
      }),
      { numRuns: 500 },
    )
  })
})
