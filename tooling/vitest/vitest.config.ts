import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { projectsOf } from './src/projects.ts'
import { isTier } from './src/tiers.ts'

/**
 * For the tests of the one package that this is started in: its quick ones, those of TEST_TIER, or the files that are named
 * on the command line, whatever their tier.
 */
const folder = process.cwd()
const manifest: { name: string } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
const named = process.argv.find((argument) => /\.?(slow|nightly)\b/.test(argument))
const asked = process.env.TEST_TIER ?? (named === undefined ? 'quick' : named.includes('nightly') ? 'nightly' : 'all')
if (!isTier(asked)) throw new Error(`expected TEST_TIER to be quick, slow, all or nightly, got "${asked}"`)

export default defineConfig({
  test: { passWithNoTests: true, projects: projectsOf({ name: manifest.name, folder }, asked) },
})
