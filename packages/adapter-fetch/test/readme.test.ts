import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import application from './readme-example.ts'
import { serving } from './serving.ts'

test('the example of the README is the one that runs here', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  expect(readme).toContain(`\`\`\`ts\n${readFileSync(new URL('readme-example.ts', import.meta.url), 'utf8')}\`\`\``)
})

test('it runs', async () => {
  await using server = await serving(application)
  expect(await (await fetch(server.url)).text()).toBe('Hello from Hono\n')
  expect(await (await fetch(`${server.url}/shout`, { method: 'POST', body: 'hey' })).json()).toEqual({ shouted: 'HEY' })
  expect(await (await fetch(`${server.url}/plain/page`)).text()).toBe('Hello from TSGI, /page\n')
})
