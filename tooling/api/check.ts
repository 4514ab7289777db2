/**
 * Compares what packages export with the `api.md` beside each, so that a change of it shows in review. With `--write` it
 * writes them. Run a build first.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { reportOf } from './src/report.ts'

const write = process.argv.includes('--write')
const root = fileURLToPath(new URL('../../packages', import.meta.url))

for (const name of readdirSync(root).toSorted()) {
  if (!existsSync(`${root}/${name}/package.json`)) continue
  const report = reportOf(`${root}/${name}`)
  const file = `${root}/${name}/api.md`
  const before = existsSync(file) ? readFileSync(file, 'utf8') : null
  if (report === before) continue
  if (write && report !== null) writeFileSync(file, report)
  else {
    console.error(
      `packages/${name}/api.md is not what the package exports. If that is meant, run pnpm api and commit it.`,
    )
    process.exitCode = 1
  }
}
