import { readFileSync } from 'node:fs'
import { describeReadme, readmeOf } from '@tsgi/readme'
import { expect, test } from 'vitest'
import application from './readme-example.ts'
import { request } from './request.ts'

const readme = readmeOf(import.meta.url)

describeReadme(import.meta.url)

test('it serves the page, its assets for a year, and leaves the rest to the application', async () => {
  expect((await request(application, '/')).text).toContain('<h1>Home</h1>')
  const style = await request(application, '/assets/style.3f2a1b4c.css')
  expect([style.status, style.header('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable'])
  expect((await request(application, '/assets/nothing.css')).text).toBe('404 Not Found\n')
  expect((await request(application, '/about')).text).toBe('no page at /about\n')
})

test('the table names every option and no other', () => {
  const source = readFileSync(new URL('../src/settings.ts', import.meta.url), 'utf8')
  const [, members = ''] = /export interface StaticOptions \{\n([^]*?)\n\}/.exec(source) ?? []
  const [, memory = ''] = /export interface MemoryOptions \{\n([^]*?)\n\}/.exec(source) ?? []
  const names = (text: string, prefix = '') =>
    [...text.matchAll(/^ {2}readonly (\w+)\?/gm)].map((match) => prefix + match[1])
  const expected = [...names(members).filter((name) => name !== 'memory'), ...names(memory, 'memory.')]
  const [, section = ''] = /^## Options\n([^]*?)^## /m.exec(readme) ?? []
  const documented = [...section.matchAll(/^\| `([\w.]+)` \|/gm)].map((match) => match[1])
  expect(documented.sort()).toEqual(expected.sort())
})
