/**
 * The last word of a test file's name before `.test.ts` is its tier: `x.slow.test.ts`, `x.nightly.test.ts`, and all others
 * are quick. The word `alone` marks a file that measures time or load, so that nothing else may run beside it:
 * `x.alone.test.ts`, `x.alone.slow.test.ts`.
 */
export const TIERS = ['quick', 'slow', 'all', 'nightly'] as const

/** `all` is quick and slow together. */
export type Tier = (typeof TIERS)[number]

export const isTier = (value: string | undefined): value is Tier => TIERS.some((tier) => tier === value)

/** What vitest includes and excludes, relative to a package. */
export type Patterns = Readonly<{ include: readonly string[]; exclude: readonly string[] }>

const FOLDERS = ['src', 'test']
const NIGHTLY = '**/*.nightly.test.ts'
const SLOW = '**/*.slow.test.ts'

const ENDING: Readonly<Record<Tier, Readonly<{ name: string; not: readonly string[] }>>> = {
  quick: { name: 'test.ts', not: [SLOW, NIGHTLY] },
  slow: { name: 'slow.test.ts', not: [] },
  all: { name: 'test.ts', not: [NIGHTLY] },
  nightly: { name: 'nightly.test.ts', not: [] },
}

/** The files of a tier that may run beside others. */
export const together = (tier: Tier): Patterns => ({
  include: FOLDERS.map((folder) => `${folder}/**/*.${ENDING[tier].name}`),
  exclude: [...ENDING[tier].not, '**/*.alone.*', '**/node_modules/**'],
})

/** The files of a tier that run one at a time, when the others are done. */
export const alone = (tier: Tier): Patterns => ({
  include: FOLDERS.flatMap((folder) => [
    `${folder}/**/*.alone.${ENDING[tier].name}`,
    ...(tier === 'all' ? [`${folder}/**/*.alone.slow.test.ts`] : []),
  ]),
  exclude: [...ENDING[tier].not, '**/node_modules/**'],
})
