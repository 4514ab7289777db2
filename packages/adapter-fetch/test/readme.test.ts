import { describeReadme } from '@tsgi/readme'
import { expect, test } from 'vitest'
import application from './readme-example.ts'
import { serving } from './serving.ts'

describeReadme(import.meta.url)

test('it runs', async () => {
  await using server = await serving(application)
  expect(await (await fetch(server.url)).text()).toBe('Hello from Hono\n')
  expect(await (await fetch(`${server.url}/shout`, { method: 'POST', body: 'hey' })).json()).toEqual({ shouted: 'HEY' })
  expect(await (await fetch(`${server.url}/plain/page`)).text()).toBe('Hello from TSGI, /page\n')
})
