import { readFileSync, symlinkSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { Site } from './probe.ts'

it('holds an example that runs', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const files = Object.fromEntries(
    [...readme.matchAll(/```ts\n\/\/ (\S+)\n([^]*?)```/g)].map(([, name, text]) => [name, text]),
  )
  using site = new Site(files as Record<string, string>)
  symlinkSync(fileURLToPath(new URL('../../cli/node_modules', import.meta.url)), `${site.folder}/node_modules`)
  const run = () =>
    spawnSync(process.execPath, ['--conditions=source', 'main.ts'], { cwd: site.folder, encoding: 'utf8' })
  expect(run()).toMatchObject({ status: 0, stdout: 'function\n', stderr: '' })
})
