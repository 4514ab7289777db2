import { describe, expect, it } from 'vitest'
import { LIMIT, overBudget, readShares } from '../src/budget.ts'
import type { FileReport } from '../src/progress.ts'

const shares = { a: { cpu: 4, wall: 8 }, b: { cpu: 8, wall: 16 }, c: { cpu: 20, wall: 25 } }

/** One file for each package, with what it took as a multiple of its share. */
const run = (multiples: Readonly<Record<string, number>>): FileReport[] =>
  Object.entries(multiples).map(([name, multiple]) => {
    const { cpu, wall } = shares[name as keyof typeof shares] ?? { cpu: 4, wall: 8 }
    return { file: `${name}.test.ts`, package: name, cpuSeconds: cpu * multiple, seconds: wall * multiple, tests: [] }
  })

describe('the budget', () => {
  it('is kept by packages within their shares, and by all of them on a busy machine', () => {
    expect(overBudget(run({ a: 1, b: 1, c: 1 }), shares)).toEqual([])
    expect(overBudget(run({ a: 5, b: 6, c: 5 }), shares)).toEqual([])
  })

  it('names a package over its share, and its longest files, on an idle and on a busy machine', () => {
    const [cpu, wall] = overBudget(run({ a: 1, b: 1, c: 4 }), shares)
    expect(cpu).toMatch(/^c: expected at most 45 s of CPU time .*, got 80 s\. .* c\.test\.ts \(80\.0 s\)$/)
    expect(wall).toMatch(/^c: expected at most 95 s from beginning to end .*, got 100 s/)
    expect(overBudget(run({ a: 5, b: 5, c: 20 }), shares)).toEqual([expect.stringMatching(/^c: /), expect.anything()])
  })

  it('gives a package without a record a small share', () => {
    expect(overBudget(run({ a: 1, b: 1, c: 1, fresh: 1 }), shares)).toEqual([])
    expect(overBudget(run({ a: 1, b: 1, c: 1, fresh: 9 }), shares)).toEqual([
      expect.stringMatching(/^fresh: /),
      expect.anything(),
    ])
  })

  it('has shares that are together within its limit', () => {
    const sum = Object.values(readShares()).reduce((total, { cpu }) => total + cpu, 0)
    expect(sum).toBeLessThanOrEqual(LIMIT)
  })
})
