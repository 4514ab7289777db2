import { header } from '@tsgi/spec'
import { describeReadme } from '@tsgi/readme'
import { request } from '@tsgi/validator'
import { expect, test } from 'vitest'
import application from './readme-example.ts'

describeReadme(import.meta.url)

test('it answers in the coding that the client likes best', async () => {
  const { sent } = await request(application, { headers: ['accept-encoding', 'br'] })
  expect(header(sent, 'content-encoding')).toBe('br')
})
