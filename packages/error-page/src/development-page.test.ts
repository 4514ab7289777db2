import { expect, test } from 'vitest'
import { developmentPage } from './development-page.ts'

const TITLE = '500 Internal Server Error'

test('is HTML for a client that accepts it, and names the error and the request', () => {
  const headers = ['accept', 'text/html,*/*', 'cookie', 'session=1']
  const page = developmentPage(TITLE, new Error('out of cheese'), {
    method: 'GET',
    path: '/page',
    query: 'a=b',
    headers,
  })
  expect(page.headers).toContain('text/html; charset=utf-8')
  for (const part of ['out of cheese', 'GET /page', 'Query']) expect(page.body).toContain(part)
  expect(page.body).not.toContain('session=1')
})

test('is plain text for any other', () => {
  const page = developmentPage(TITLE, new Error('out of cheese'), {
    method: 'GET',
    path: '/',
    headers: ['x', 'text/html'],
  })
  expect(page.headers).toContain('text/plain; charset=utf-8')
  expect(page.body).toContain('out of cheese')
})

test('shows the stack of an error of another language, as that language writes it', () => {
  const error = Object.assign(new Error('ValueError: no cheese'), {
    stack: 'Traceback (most recent call last):\n  File "shop.py", line 2, in view\nValueError: no cheese',
  })
  const { body } = developmentPage(TITLE, error, { method: 'GET', path: '/', headers: [] })
  expect(body).toContain('  File "shop.py", line 2, in view\nValueError: no cheese')
})
