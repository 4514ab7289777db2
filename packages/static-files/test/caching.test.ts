import { expect, it } from 'vitest'
import { staticFiles } from '@tsgi/static-files'
import { temporaryFolder } from './folder.ts'
import { request } from './request.ts'

const files = { 'app.js': '', 'app.3f2a1b4c.js': '', 'assets/style.css': '', 'no-extension': 'x' }

async function head(path: string, options = {}) {
  using folder = temporaryFolder(files)
  return await request(staticFiles(folder.path, options), path)
}

it('asks for revalidation unless told otherwise', async () => {
  expect((await head('/app.js')).header('cache-control')).toBe('no-cache')
  expect((await head('/app.3f2a1b4c.js')).header('cache-control')).toBe('no-cache')
})

it('sends the setting, or nothing', async () => {
  expect((await head('/app.js', { cacheControl: 'public, max-age=60' })).header('cache-control')).toBe(
    'public, max-age=60',
  )
  expect((await head('/app.js', { cacheControl: null })).header('cache-control')).toBeUndefined()
})

it('says immutable of hashed names, and of no others', async () => {
  const options = { immutable: true, cacheControl: 'no-store' }
  expect((await head('/app.3f2a1b4c.js', options)).header('cache-control')).toBe('public, max-age=31536000, immutable')
  expect((await head('/app.js', options)).header('cache-control')).toBe('no-store')
})

it('says immutable of what the pattern finds in the path', async () => {
  const options = { immutable: /^assets\// }
  expect((await head('/assets/style.css', options)).header('cache-control')).toContain('immutable')
  expect((await head('/app.3f2a1b4c.js', options)).header('cache-control')).toBe('no-cache')
})

it('forbids to guess another type, of files, listings and errors', async () => {
  for (const path of ['/app.js', '/no-extension', '/assets/', '/nothing', '/%00']) {
    expect((await head(path, { listing: true })).header('x-content-type-options'), path).toBe('nosniff')
  }
})

it('says the charset of text and the type of the rest', async () => {
  expect((await head('/app.js')).header('content-type')).toBe('text/javascript; charset=utf-8')
  expect((await head('/no-extension')).header('content-type')).toBe('application/octet-stream')
  expect((await head('/app.js', { types: { js: 'application/x-own' } })).header('content-type')).toBe(
    'application/x-own',
  )
})
