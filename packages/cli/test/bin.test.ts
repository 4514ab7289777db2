import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { BIN } from './command.ts'

it.each([
  ['20.20.2', 1, 'tsgi: this is Node 20.20.2; tsgi runs on Node 24.21 and newer.\n'],
  ['24.20.9', 1, 'tsgi: this is Node 24.20.9; tsgi runs on Node 24.21 and newer.\n'],
  ['24.21.0', 0, ''],
])('on Node %s it exits with %d', (version, status, stderr) => {
  const pretend = `data:text/javascript,Object.defineProperty(process.versions, "node", { value: "${version}" })`
  const result = spawnSync(process.execPath, ['--import', pretend, BIN, '--version'], { encoding: 'utf8' })
  expect(result).toMatchObject({ status, stderr })
})
