import { describe, test } from 'vitest'
import { expectSameHoweverCut } from './streams.ts'

describe('generated streams', () => {
  test('a thousand give the same events whole, byte by byte, and cut at every offset', { timeout: 120_000 }, () => {
    expectSameHoweverCut(1000)
  })
})
