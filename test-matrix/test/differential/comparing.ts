/** Random applications, the same for a seed, made smaller where one is treated in another way than SPEC.md says. */
import { isDeepStrictEqual } from 'node:util'
import * as fc from 'fast-check'
import { afterAll, beforeAll, test } from 'vitest'
import { type Carrier, carriers } from './carriers.ts'
import { accounts } from './differences.ts'
import { plan } from './plan.ts'

export function describeDifferential(runs: number, seed: number): void {
  let all: readonly Carrier[] = []
  beforeAll(async () => void (all = await carriers()))
  afterAll(async () => {
    for (const carrier of all) await carrier[Symbol.asyncDispose]()
  })

  test.each(['connection', 'toNodeListener', 'toFetch'])('%s', { timeout: 3_600_000 }, async (name) => {
    const carrier = all.find((carrier) => carrier.name === name) as Carrier
    await fc.assert(
      fc.asyncProperty(plan, async (plan) => {
        const { expected, got } = await accounts(plan, carrier)
        if (isDeepStrictEqual(got, expected)) return
        throw new Error(`by SPEC.md: ${JSON.stringify(expected)}\n${name}: ${JSON.stringify(got)}`)
      }),
      { numRuns: runs, seed, includeErrorInReport: true },
    )
  })
}
