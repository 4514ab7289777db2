import { describe, it } from 'vitest'
import { expectDamageDoesNoHarm } from './damaged.ts'

/** Ten minutes each; `pnpm fuzz` with FUZZ_SECONDS for another time. */
const SECONDS = Number(process.env['FUZZ_SECONDS'] ?? 600)

describe('damaged streams', () => {
  it.each(['uwsgi', 'fastcgi'] as const)('of %s do no harm', { timeout: (SECONDS + 60) * 1000 }, (protocol) => {
    expectDamageDoesNoHarm(protocol, { numRuns: Number.MAX_SAFE_INTEGER, interruptAfterTimeLimit: SECONDS * 1000 })
  })
})
