/** Streams with bytes changed, cut out, put in and doubled: whatever comes, a parser reports the same however it is cut, and ends. */
import * as fc from 'fast-check'
import { expect } from 'vitest'
import { collect, type Protocol } from './collect.ts'
import { fastCgiStream, uwsgiStream } from './streams.ts'

const changes = fc.array(
  fc.record({
    at: fc.nat(4000),
    remove: fc.nat(6),
    put: fc.oneof(
      fc.uint8Array({ maxLength: 4 }),
      fc.constant(Uint8Array.of(0xff, 0xff)),
      fc.constant(Uint8Array.of(0)),
    ),
  }),
  { minLength: 1, maxLength: 4 },
)

/** @param options seed and number of runs, or how long, in milliseconds */
export function expectDamageDoesNoHarm(
  protocol: Protocol,
  options: { readonly seed?: number; readonly numRuns: number; readonly interruptAfterTimeLimit?: number },
): void {
  const stream = protocol === 'uwsgi' ? uwsgiStream : fastCgiStream
  fc.assert(
    fc.property(stream, changes, fc.array(fc.nat(3000), { maxLength: 5 }), (good, changes, cuts) => {
      let bytes = good
      for (const { at, remove, put } of changes) {
        const place = at % (bytes.length + 1)
        bytes = Buffer.concat([bytes.subarray(0, place), put, bytes.subarray(place + remove)])
      }
      const whole = collect(protocol, [bytes])
      const final = whole.filter(({ type }) => type === 'error' || type === 'broken' || type === 'eof')
      expect(final).toHaveLength(1)
      expect(whole.at(-1)).toBe(final[0])
      for (const event of whole) {
        if (event.type !== 'request') continue
        // What is passed on could be written as HTTP.
        for (const text of event.headers) expect(text).not.toMatch(/[\r\n\0]/)
        expect(event.path).toMatch(/^(\/|\*$)/)
        expect(event.bodyLength).toBeGreaterThanOrEqual(-1)
      }
      const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b)
      const pieces = [0, ...places].map((place, i) => bytes.subarray(place, places[i] ?? bytes.length))
      expect(JSON.stringify(collect(protocol, pieces))).toBe(JSON.stringify(whole))
    }),
    options,
  )
}
