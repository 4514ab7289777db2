/** The same bytes give the same events, however the network cuts them. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { collect } from './collect.ts'
import { fastCgiStream, uwsgiStream } from './streams.ts'

describe.each([
  ['uwsgi', uwsgiStream],
  ['fastcgi', fastCgiStream],
] as const)('%s', (protocol, stream) => {
  it('gives the same events whole, byte by byte, and cut in two at every offset', () => {
    fc.assert(
      fc.property(stream, (bytes) => {
        const whole = JSON.stringify(collect(protocol, [bytes]))
        expect(whole).toContain('"type":"eof"')
        expect(
          JSON.stringify(
            collect(
              protocol,
              [...bytes].map((byte) => Buffer.of(byte)),
            ),
          ),
        ).toBe(whole)
        for (let cut = 1; cut < bytes.length; cut++) {
          const reported = JSON.stringify(collect(protocol, [bytes.subarray(0, cut), bytes.subarray(cut)]))
          if (reported !== whole) expect(reported, `cut at ${cut}`).toBe(whole)
        }
      }),
      { numRuns: 20 },
    )
  })
})
