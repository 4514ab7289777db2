import { expect, test } from 'vitest'
import { ServeError } from './server.ts'

test('a ServeError is told by its code, and has a cause only where there was one', () => {
  const cause = new Error('EADDRINUSE')
  expect(new ServeError('TSGI_ERR_BIND', 'port 80 is taken', cause)).toMatchObject({ code: 'TSGI_ERR_BIND', cause })
  expect('cause' in new ServeError('TSGI_ERR_OPTION', 'no such option')).toBe(false)
})
