import { describe, expect, it } from 'vitest'
import { staticFiles } from '@tsgi/static-files'
import type { Application } from '@tsgi/spec'
import { temporaryFolder } from './folder.ts'
import { request, type RequestOptions } from './request.ts'

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'
const files = { 'index.html': 'page', 'app.js': 'script', 'docs/a.txt': 'a', 'shell.html': 'shell', '.git/config': '' }

async function get(path: string, accept: string | null = BROWSER, options = {}, more: RequestOptions = {}) {
  using folder = temporaryFolder(files)
  return await request(staticFiles(folder.path, { spa: true, ...options }), path, {
    headers: accept === null ? [] : ['accept', accept],
    ...more,
  })
}

describe('single page applications', () => {
  it.each(['/settings', '/users/1/edit', '/users/', '/docs', '/docs/', '/a%20b'])(
    'show the page at %s',
    async (path) => {
      const response = await get(path)
      expect([response.status, response.text]).toEqual([200, 'page'])
      expect(response.header('content-type')).toBe('text/html; charset=utf-8')
      expect(response.header('vary')).toBe('accept')
      expect((await get(path, BROWSER, {}, { method: 'HEAD', headers: ['accept', BROWSER] })).status).toBe(200)
    },
  )

  it.each(['/missing.js', '/users/photo.png', '/.git/config', '/.git/HEAD', '/a%2fb', '/../x'])(
    'do not show it at %s',
    async (path) => {
      expect((await get(path)).status).toBe(404)
    },
  )

  it('serve files as files', async () => {
    expect((await get('/app.js')).text).toBe('script')
    expect((await get('/docs/a.txt')).text).toBe('a')
    expect((await get('/')).header('vary')).toBeUndefined()
  })

  it.each([
    ['text/html', 200],
    ['text/*', 200],
    ['*/*', 200],
    [null, 200],
    ['application/json', 404],
    ['text/html;q=0, */*', 404],
    ['image/*', 404],
    ['', 200],
  ])('look at whether HTML is accepted: %j', async (accept, status) => {
    expect((await get('/settings', accept)).status).toBe(status)
  })

  it('answer 405 to other methods', async () => {
    expect((await get('/settings', BROWSER, {}, { method: 'POST' })).status).toBe(405)
  })

  it('show the page they are told to', async () => {
    expect((await get('/settings', BROWSER, { spa: 'shell.html' })).text).toBe('shell')
    expect((await get('/settings', BROWSER, { spa: 'missing.html' })).status).toBe(404)
  })

  it('are off unless asked for', async () => {
    expect((await get('/settings', BROWSER, { spa: false })).status).toBe(404)
  })

  it('leave to the application what does not ask for HTML by name', async () => {
    const fallback: Application = (_, startResponse) => {
      startResponse(200, [])
      return 'application'
    }
    expect((await get('/settings', BROWSER, { fallback })).text).toBe('page')
    for (const accept of ['*/*', null, 'application/json']) {
      expect((await get('/settings', accept, { fallback })).text).toBe('application')
    }
    expect((await get('/missing.js', BROWSER, { fallback })).text).toBe('application')
  })
})
