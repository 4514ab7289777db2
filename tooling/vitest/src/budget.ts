/**
 * Keeps `npm test` within its four minutes. budget.json has a share for each package; a package that takes more fails the run.
 *
 * A busy machine makes everything slower, so a package is compared with its share times the slowness of this run: the median,
 * over all packages, of what they took divided by their shares. One package that grows does not move the median, and a busy
 * machine does not move one package alone.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import type { FileReport } from './progress.ts'

/** Seconds of the processors, and seconds from beginning to end of its files, one after the other. */
export type Cost = Readonly<{ cpu: number; wall: number }>
export type Shares = Readonly<Record<string, Cost>>

/** Of all packages together: four minutes of two processors, less what the install and the build take, and a reserve. */
export const LIMIT = 300
/** Of a package that is not in budget.json yet. */
const NEW: Cost = { cpu: 5, wall: 15 }
/** What chance adds: a part of the share, and seconds on top, which matter for small packages. */
const CHANCE: Readonly<Record<keyof Cost, Readonly<{ factor: number; seconds: number }>>> = {
  cpu: { factor: 2, seconds: 5 },
  wall: { factor: 3, seconds: 20 },
}
/** Shares below this say little about how slow the machine is. */
const TELLING = 0.5

const FILE = new URL('../budget.json', import.meta.url)

export const readShares = (): Shares => JSON.parse(readFileSync(FILE, 'utf8'))

/** What each package took. */
export function costs(files: readonly FileReport[]): Shares {
  const sums: Record<string, { cpu: number; wall: number }> = {}
  for (const { package: name, cpuSeconds, seconds } of files) {
    const sum = (sums[name] ??= { cpu: 0, wall: 0 })
    sum.cpu += cpuSeconds ?? 0
    sum.wall += seconds
  }
  return sums
}

/** A sentence for each package that is over its share, with the files that took most. */
export function overBudget(files: readonly FileReport[], shares: Shares): string[] {
  const taken = costs(files)
  return (['cpu', 'wall'] as const).flatMap((kind) => {
    const slowness = slownessOf(taken, shares, kind)
    const { factor, seconds } = CHANCE[kind]
    return Object.entries(taken).flatMap(([name, cost]) => {
      const share = (shares[name] ?? NEW)[kind]
      const most = share * slowness * factor + seconds
      if (cost[kind] <= most) return []
      const of = kind === 'cpu' ? 'of CPU time' : 'from beginning to end'
      return [
        `${name}: expected at most ${most.toFixed(0)} s ${of} (its share is ${share.toFixed(1)} s, this run is ${slowness.toFixed(1)} times slower), got ${cost[kind].toFixed(0)} s. ` +
          `Move tests to *.slow.test.ts; most took ${longest(files, name, kind)}`,
      ]
    })
  })
}

function slownessOf(taken: Shares, shares: Shares, kind: keyof Cost): number {
  const ratios = Object.entries(taken)
    .flatMap(([name, cost]) => {
      const share = shares[name]?.[kind] ?? 0
      return share < TELLING ? [] : [cost[kind] / share]
    })
    .sort((a, b) => a - b)
  return Math.max(1, ratios[ratios.length >> 1] ?? 1)
}

const longest = (files: readonly FileReport[], name: string, kind: keyof Cost): string =>
  files
    .filter((report) => report.package === name)
    .map(({ file, cpuSeconds, seconds }) => ({ file, took: kind === 'cpu' ? (cpuSeconds ?? 0) : seconds }))
    .sort((a, b) => b.took - a.took)
    .slice(0, 3)
    .map(({ file, took }) => `${file} (${took.toFixed(1)} s)`)
    .join(', ')

/** Makes what this run took the shares. */
export function recordShares(files: readonly FileReport[]): void {
  const rounded = Object.entries(costs(files))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { cpu, wall }]) => [name, { cpu: Number(cpu.toFixed(1)), wall: Number(wall.toFixed(1)) }])
  writeFileSync(FILE, `${JSON.stringify(Object.fromEntries(rounded), null, 2)}\n`)
}
