import { globSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestProjectInlineConfiguration } from 'vitest/config'
import { alone, together, type Tier } from './tiers.ts'

/** Two for each processor: tests that start processes, or wait for a limit to pass, leave one idle half of the time. */
export const WORKERS = 2 * availableParallelism()

export const ONE_AT_A_TIME = ', one at a time'

const SETUP = fileURLToPath(new URL('setup.ts', import.meta.url))

export type TestedPackage = Readonly<{ name: string; folder: string }>

/** A package as vitest projects: its files that run beside others, and those that run one at a time after all of them. */
export function projectsOf({ name, folder }: TestedPackage, tier: Tier): TestProjectInlineConfiguration[] {
  const common = {
    // Packages are tested from source; only tests that start processes need a build.
    resolve: { conditions: ['source'] },
    ssr: { resolve: { conditions: ['source'] } },
  }
  const test = {
    root: folder,
    pool: 'forks' as const,
    // Generous, because on a busy machine to start a process can take ten seconds; nothing waits for as long where all is well.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    setupFiles: [SETUP],
  }
  return [
    {
      ...common,
      test: {
        ...test,
        ...lists(together(tier)),
        name,
        isolate: needsIsolation(folder),
        maxWorkers: WORKERS,
        sequence: { groupOrder: 1 },
      },
    },
    {
      ...common,
      test: {
        ...test,
        ...lists(alone(tier)),
        name: name + ONE_AT_A_TIME,
        isolate: true,
        maxWorkers: 1,
        sequence: { groupOrder: 2 },
      },
    },
  ]
}

/**
 * Whether each test file needs modules of its own. A helper that registers hooks where it is loaded (`afterEach` at its top
 * level) does so for one file only: shared by several, it would clean up after the first and leave the processes of the others
 * running. `@tsgi/faults` is such a helper.
 */
export function needsIsolation(folder: string): boolean {
  if (readFileSync(join(folder, 'package.json'), 'utf8').includes('"@tsgi/faults"')) return true
  return globSync('{src,test}/**/*.ts', { cwd: folder })
    .filter((file) => !file.endsWith('.test.ts'))
    .some((file) => /^(?:before|after)(?:Each|All)\(/m.test(readFileSync(join(folder, file), 'utf8')))
}

const lists = ({ include, exclude }: ReturnType<typeof together>) => ({ include: [...include], exclude: [...exclude] })
