import { describeReadme } from '@tsgi/readme'
import { expect, test } from 'vitest'
import type { Environ } from '../src/index.ts'
import application, { hello, shouting } from './readme-example.ts'

const environ = { pathInfo: '/door' } as Environ

describeReadme(import.meta.url)

test('it answers in a loud voice', () => {
  const calls: unknown[][] = []
  expect(application(environ, (...call) => void calls.push(call))).toBe('HELLO FROM /DOOR\n')
  expect(calls).toEqual([[200, ['content-type', 'text/plain; charset=utf-8', 'x-volume', '11']]])
})

test('it passes on an error, a promise and the lifespan of what it wraps', async () => {
  const calls: unknown[][] = []
  const inner = Object.assign(
    async (...[, startResponse]: Parameters<typeof hello>) => {
      startResponse(500, [], undefined)
      return 'oops'
    },
    { startup: () => {} },
  )
  await expect(shouting(inner)(environ, (...call) => void calls.push(call))).resolves.toBe('OOPS')
  expect(calls).toEqual([[500, ['x-volume', '11'], undefined]])
  expect(shouting(inner).startup).toBeTypeOf('function')
})
