import { globSync } from 'node:fs'
import type { TestedPackage } from './projects.ts'
import { alone, together, type Tier } from './tiers.ts'

/** What the quick tier does not run, and how to run it. */
export function leftOut(packages: readonly TestedPackage[]): string {
  const slow = filesOf(packages, 'slow').length
  const nightly = filesOf(packages, 'nightly').length
  return [
    '',
    `Left out: ${slow} files of slow tests (npm run test:all runs everything)`,
    `          ${nightly} files of nightly tests (npm run test:nightly)`,
  ].join('\n')
}

/** The files of a tier, as absolute paths. */
export function filesOf(packages: readonly TestedPackage[], tier: Tier): string[] {
  return packages.flatMap(({ folder }) =>
    [together(tier), alone(tier)].flatMap(({ include, exclude }) =>
      globSync([...include], { cwd: folder, exclude: [...exclude] }).map((file) => `${folder}/${file}`),
    ),
  )
}
