import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import application from './readme-example.ts'
import { run } from './run.ts'

test('the example of the README is the one that runs here', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  expect(readme).toContain(`\`\`\`ts\n${readFileSync(new URL('readme-example.ts', import.meta.url), 'utf8')}\`\`\``)
})

test('it greets, and redirects what is posted', async () => {
  expect(await run(application, { path: '/door' })).toMatchObject({ status: 200, body: 'Hello from /door\n' })
  const posted = await run(application, { method: 'POST', scriptName: '/shop', body: ['name=ann'] })
  expect(posted).toMatchObject({ status: 303, headers: ['location', '/shop/hello/ann'] })
})
