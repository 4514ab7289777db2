import { describe, expect, it } from 'vitest'
import { growthOf } from '../src/growth.ts'
import { hostileInputs } from '../src/hostile.ts'
import { EXCHANGE_READERS, FIELD_READERS, HTTP1_READERS, type Entry } from '../src/readers.ts'

const ENTRIES: readonly (readonly [name: string, entry: Entry])[] = [
  ...Object.entries(FIELD_READERS),
  ...Object.entries(HTTP1_READERS),
  ...Object.entries(EXCHANGE_READERS),
]

export function describeReaders(thorough: boolean): void {
  describe('what reads a client’s bytes', () => {
    for (const [name, entry] of ENTRIES) {
      if (typeof entry === 'string') continue
      it(`${name} takes time in proportion to its input`, { timeout: 120_000 }, async () => {
        for (const { name: input, input: make } of hostileInputs(entry.openings, thorough)) {
          expect(await growthOf(entry.read, make), input).toBeNull()
        }
      })
    }
  })
}
