import { readdirSync, readFileSync } from 'node:fs'
import { describeReadme } from '@tsgi/readme'
import { expect, test } from 'vitest'
import { Client } from './client.ts'

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8')

describeReadme(import.meta.url)

test('and so is its template', () => {
  expect(read('../README.md')).toContain(`\`\`\`html\n${read('templates/guests.eta')}\`\`\``)
})

test('it lists its guests, takes new ones, and remembers who you are', async () => {
  process.env['SECRET_KEY'] = 'r'.repeat(32)
  const { default: app } = await import('./readme-example.ts')
  const client = new Client(app)
  const page = await client.get('/guests/')
  expect(page.text).toContain('<li><a href="/guests/0/">Ada</a></li>')
  expect((await client.get('/guests/0/')).text).toBe('<h1>Ada</h1>')
  expect((await client.get('/guests/9/')).status).toBe(404)

  const csrf_token = /name="csrf_token" value="([^"]+)"/.exec(page.text)?.[1] ?? ''
  expect((await client.post('/guests/', { name: '', csrf_token })).status).toBe(422)
  expect((await client.post('/guests/', { name: '<Bob>' })).status).toBe(403)
  const signed = await client.post('/guests/', { name: '<Bob>', csrf_token })
  expect([signed.status, signed.header('location')]).toEqual([303, '/guests/'])
  expect((await client.get('/guests/')).text).toContain('Welcome back, &lt;Bob&gt;.')
})

test('the framework stays under 1,100 lines of code, blank lines and comments aside', () => {
  const names = readdirSync(new URL('../src/', import.meta.url)).filter((name) => !name.endsWith('.test.ts'))
  const lines = names.flatMap((name) => read(`../src/${name}`).split('\n'))
  expect(lines.filter((line) => !/^\s*(\/\/.*|\/?\*.*)?$/.test(line)).length).toBeLessThan(1100)
})
