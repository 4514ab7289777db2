import { describe, it } from 'vitest'
import { expectDamageDoesNoHarm } from './damaged.ts'

describe('damaged streams', () => {
  it.each(['uwsgi', 'fastcgi'] as const)('of %s do no harm', (protocol) => {
    expectDamageDoesNoHarm(protocol, { seed: 1, numRuns: 300 })
  })
})
