import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { UsageError } from '../usage-error.ts'
import { readConfigFile } from './config-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'tsgi-config-'))
writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
afterAll(() => rmSync(folder, { recursive: true }))

let written = 0
/** A name of its own for each, since modules are read once. */
function config(text: string, ending = 'js'): string {
  const name = `${written++}.${ending}`
  writeFileSync(join(folder, name), text)
  return name
}

const read = (name: string) => readConfigFile(name, folder, { command: 'dev', mode: 'development' })

describe('a config file', () => {
  it.each([
    ['an object', 'export default { port: 1 }'],
    ['a promise', 'export default Promise.resolve({ port: 1 })'],
    ['a function', 'export default () => ({ port: 1 })'],
    ['an asynchronous function', 'export default async () => ({ port: 1 })'],
    [
      'a function of the command',
      'export default ({ command, mode }) => ({ port: command === "dev" && mode === "development" ? 1 : 2 })',
    ],
  ])('may export %s', async (_name, text) => {
    expect(await read(config(text))).toMatchObject({ values: { port: 1 } })
  })

  it('may be JSON', async () => {
    expect(await read(config('{ "port": 1 }', 'json'))).toMatchObject({ values: { port: 1 } })
  })

  it.each([
    ['{ port: 1 }', 'json', /^\d+\.json cannot be read: /],
    ['[1]', 'json', /^\d+\.json: expected an object of settings/],
    ['export default 1', 'js', /^\d+\.js: expected its settings as the default export/],
    ['export default () => 1', 'js', /^\d+\.js: expected a function that returns its settings as the default export/],
    ['export default () => { throw new Error("no key") }', 'js', /^\d+\.js failed: no key\nat .*\.js:1:30$/],
    ['export default { prot: 1 }', 'js', /has a setting "prot"/],
  ])('%s (%s) is a mistake, with words for it', async (text, ending, expected) => {
    const outcome = read(config(text, ending))
    await expect(outcome).rejects.toThrow(UsageError)
    await expect(outcome).rejects.toThrow(expected)
  })

  it('that is not there is a mistake too', async () => {
    await expect(read('nowhere.json')).rejects.toThrow('There is no file nowhere.json.')
  })
})
