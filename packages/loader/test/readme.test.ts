import { symlinkSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { filesIn, readmeOf } from '@tsgi/readme'
import { expect, it } from 'vitest'
import { Site } from './probe.ts'

it('holds an example that runs', () => {
  using site = new Site(filesIn(readmeOf(import.meta.url)))
  symlinkSync(fileURLToPath(new URL('../../cli/node_modules', import.meta.url)), `${site.folder}/node_modules`)
  const run = () =>
    spawnSync(process.execPath, ['--conditions=source', 'main.ts'], { cwd: site.folder, encoding: 'utf8' })
  expect(run()).toMatchObject({ status: 0, stdout: 'function\n', stderr: '' })
})
