import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { delimiter, dirname } from 'node:path'
import { expect, it } from 'vitest'
import { BIN } from './command.ts'

const { engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

it('names the Node that package.json asks for', () => {
  expect(engines.node).toBe('>=22.18')
})

it.each([
  ['20.20.2', 1, 'tsgi: this is Node 20.20.2; tsgi runs on Node 22.18 and newer.\n'],
  ['22.17.9', 1, 'tsgi: this is Node 22.17.9; tsgi runs on Node 22.18 and newer.\n'],
  ['22.18.0', 0, ''],
])('on Node %s it exits with %d', (version, status, stderr) => {
  const pretend = `data:text/javascript,Object.defineProperty(process.versions, "node", { value: "${version}" })`
  const result = spawnSync(process.execPath, ['--import', pretend, BIN, '--version'], { encoding: 'utf8' })
  expect(result).toMatchObject({ status, stderr })
})

it('takes --env-file itself, and not Node', () => {
  const env = { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH']}` }
  const result = spawnSync('sh', [BIN, 'serve', 'app.ts', '--env-file', 'no such file'], { encoding: 'utf8', env })
  expect(result).toMatchObject({ status: 2, stderr: 'tsgi: --env-file no such file: there is no such file.\n' })
})
