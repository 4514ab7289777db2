import { describe, it } from 'vitest'
import { examine } from './fuzz-frames.ts'

const SECONDS = Number(process.env['FUZZ_SECONDS'] ?? 120)
const SEED = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000_007)

describe('a random client', () => {
  it(`gets what RFC 6455 says, for ${SECONDS} s from seed ${SEED}`, { timeout: SECONDS * 1000 + 60_000 }, async () => {
    const end = performance.now() + SECONDS * 1000
    for (let seed = SEED; performance.now() < end; seed++) await examine(seed)
  })
})
