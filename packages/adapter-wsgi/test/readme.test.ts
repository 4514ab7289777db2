import { describeReadme } from '@tsgi/readme'
import { expect, test } from 'vitest'
import application from './readme-example.ts'
import { run } from './run.ts'

describeReadme(import.meta.url)

test('it greets, and redirects what is posted', async () => {
  expect(await run(application, { path: '/door' })).toMatchObject({ status: 200, body: 'Hello from /door\n' })
  const posted = await run(application, { method: 'POST', scriptName: '/shop', body: ['name=ann'] })
  expect(posted).toMatchObject({ status: 303, headers: ['location', '/shop/hello/ann'] })
})
