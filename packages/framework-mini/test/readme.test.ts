import { readdirSync, readFileSync } from 'node:fs'
import { describeReadme } from '@tsgi/readme'
import { expect, test } from 'vitest'
import { call } from './call.ts'
import app from './readme-example.ts'

describeReadme(import.meta.url)

test('it greets, lists its guests and takes new ones', async () => {
  expect(await call(app, 'GET /hello/Ada')).toMatchObject({ status: 200, body: 'Hello, Ada!\n' })
  expect(await call(app, 'GET /guests/0')).toMatchObject({ status: 200, body: '{"name":"Ada"}' })
  expect(await call(app, 'GET /guests/9')).toMatchObject({ status: 404, body: 'No such guest.\n' })
  const headers = ['content-type', 'application/x-www-form-urlencoded']
  expect(await call(app, 'POST /guests', { headers, body: 'name=' })).toMatchObject({ status: 422 })
  const posted = await call(app, 'POST /guests', { headers, body: 'name=%3CBob%3E' })
  expect([posted.status, posted.all('location'), posted.all('set-cookie').length]).toEqual([303, ['/'], 1])
  expect((await call(app, 'GET /')).body).toBe('<h1>Guests</h1><ul><li>Ada</li><li>&#60;Bob&#62;</li></ul>')
  expect(await (await call(app, 'GET /countdown')).text()).toContain('data: {"seconds":1}\n\n')
})

test('the framework stays under 800 lines', () => {
  const folder = new URL('../src/', import.meta.url)
  const files = readdirSync(folder).filter((name) => !name.endsWith('.test.ts'))
  const lines = files.map((name) => readFileSync(new URL(name, folder), 'utf8').split('\n').length - 1)
  expect(lines.reduce((sum, count) => sum + count)).toBeLessThan(800)
})
