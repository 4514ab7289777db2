import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { ROOMS } from './rooms.ts'
import { TEMPLATES } from './templates.ts'
import { VERSIONS, versionRange } from './versions.ts'

it('has the versions that this repository is tested with', () => {
  const workspace = readFileSync(new URL('../../../pnpm-workspace.yaml', import.meta.url), 'utf8')
  for (const [name, version] of Object.entries(VERSIONS)) {
    expect(workspace).toMatch(new RegExp(`^  '?${name}'?: ${version.replaceAll('.', String.raw`\.`)}$`, 'm'))
  }
})

it('has a version of each package of each template', () => {
  for (const { dependencies, devDependencies } of Object.values(TEMPLATES)) {
    for (const name of [...dependencies, ...devDependencies]) expect(versionRange(name)).toMatch(/^\^\d+\.\d+\.\d+$/)
  }
})

it('has a version of each package of each template for extensions', () => {
  for (const { devDependencies } of Object.values(ROOMS)) {
    for (const name of devDependencies) expect(versionRange(name)).toMatch(/^\^\d+\.\d+\.\d+$/)
  }
})
