import { describe, expect, it } from 'vitest'
import { examine } from './fuzz-frames.ts'

describe('a random client', () => {
  it('gets what RFC 6455 says', async () => {
    const begin = Date.now() % 1_000_000_007
    const codes = new Set<number | null>()
    let messages = 0
    for (let n = 0; n < 400; n++) {
      const outcome = await examine(n < 200 ? n : begin + n)
      codes.add(outcome.code)
      messages += outcome.messages.length
    }
    // The clients are no good if most of them fail at once, or all in the same way.
    expect(messages).toBeGreaterThan(400)
    expect([...codes]).toEqual(expect.arrayContaining([null, 1002, 1007, 1009]))
  })
})
