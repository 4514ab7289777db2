import { utimesSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { staticFiles, type StaticOptions } from '@tsgi/static-files'
import { temporaryFolder } from './folder.ts'
import { request } from './request.ts'

const files = {
  'app.js': 'identity',
  'app.js.br': 'brotli',
  'app.js.zst': 'zstandard',
  'app.js.gz': 'gzip',
  'only-gzip.css': 'identity',
  'only-gzip.css.gz': 'gzip',
  'plain.txt': 'identity',
  'index.html': 'identity',
  'index.html.br': 'brotli',
}

describe.each([
  ['in memory', {}],
  ['streamed', { memory: { perFile: 0 } }],
] satisfies [string, StaticOptions][])('precompressed files %s', (_, options) => {
  async function get(path: string, acceptEncoding: string | null, more: string[] = [], own: StaticOptions = {}) {
    using folder = temporaryFolder(files)
    const headers = [...(acceptEncoding === null ? [] : ['accept-encoding', acceptEncoding]), ...more]
    return await request(staticFiles(folder.path, { ...options, ...own }), path, { headers })
  }

  it.each([
    ['/app.js', null, 'identity'],
    ['/app.js', '', 'identity'],
    ['/app.js', 'gzip', 'gzip'],
    ['/app.js', 'gzip, deflate, br, zstd', 'brotli'],
    ['/app.js', 'br;q=0.5, gzip;q=0.8, zstd;q=0.7', 'gzip'],
    ['/app.js', 'br;q=0, *', 'zstandard'],
    ['/app.js', 'deflate', 'identity'],
    ['/app.js', 'identity, gzip;q=0.5', 'identity'],
    ['/app.js', 'identity;q=0', 'identity'],
    ['/only-gzip.css', 'br, gzip', 'gzip'],
    ['/only-gzip.css', 'br', 'identity'],
    ['/', 'br', 'brotli'],
  ])('%s with Accept-Encoding %j is %s', async (path, accepted, text) => {
    const response = await get(path, accepted)
    expect(response.text).toBe(text)
    const coding = { brotli: 'br', zstandard: 'zstd', gzip: 'gzip', identity: undefined }[text]
    expect(response.header('content-encoding')).toBe(coding)
    expect(response.header('vary')).toBe('accept-encoding')
  })

  it('keeps the type of the file', async () => {
    expect((await get('/app.js', 'br')).header('content-type')).toBe('text/javascript; charset=utf-8')
  })

  it('reads several Accept-Encoding lines as one list', async () => {
    expect((await get('/app.js', 'deflate', ['accept-encoding', 'gzip'])).text).toBe('gzip')
  })

  it('says nothing of Vary where there is nothing to choose', async () => {
    expect((await get('/plain.txt', 'br')).header('vary')).toBeUndefined()
  })

  it('sends a compressed file asked for by its own name as what it is', async () => {
    const response = await get('/app.js.gz', 'gzip')
    expect(response.text).toBe('gzip')
    expect(response.header('content-encoding')).toBeUndefined()
    expect(response.header('content-type')).toBe('application/gzip')
  })

  it('answers 304 for the form that would be sent, and says the same Vary', async () => {
    const etag = (await get('/app.js', 'br')).header('etag') as string
    using folder = temporaryFolder(files)
    const app = staticFiles(folder.path, options)
    const tag = async (coding: string) =>
      (await request(app, '/app.js', { headers: ['accept-encoding', coding] })).header('etag') as string
    expect(etag).toContain('-br"')
    const brotli = await tag('br')
    const same = await request(app, '/app.js', { headers: ['accept-encoding', 'br', 'if-none-match', brotli] })
    expect([same.status, same.header('vary'), same.header('etag')]).toEqual([304, 'accept-encoding', brotli])
    const other = await request(app, '/app.js', { headers: ['accept-encoding', 'gzip', 'if-none-match', brotli] })
    expect([other.status, other.text]).toEqual([200, 'gzip'])
  })

  it('sends ranges of the form that was chosen', async () => {
    const response = await get('/app.js', 'br', ['range', 'bytes=0-2'])
    expect([response.status, response.text]).toEqual([206, 'bro'])
    expect(response.header('content-encoding')).toBe('br')
    expect(response.header('content-range')).toBe('bytes 0-2/6')
    expect(response.header('vary')).toBe('accept-encoding')
  })

  it('sends the whole when several ranges of a compressed form are asked for', async () => {
    const response = await get('/app.js', 'br', ['range', 'bytes=0-0,2-2'])
    expect([response.status, response.text]).toEqual([200, 'brotli'])
  })

  it("takes the server's order among equals, and only the codings it is given", async () => {
    expect((await get('/app.js', 'gzip, br', [], { precompressed: ['gzip', 'br'] })).text).toBe('gzip')
    expect((await get('/app.js', 'br', [], { precompressed: ['gzip'] })).text).toBe('identity')
    const none = await get('/app.js', 'br', [], { precompressed: false })
    expect([none.text, none.header('vary')]).toEqual(['identity', undefined])
  })

  it('passes over a form that is older than the file', async () => {
    using folder = temporaryFolder(files)
    utimesSync(`${folder.path}/app.js.br`, 1_000_000, 1_000_000)
    const response = await request(staticFiles(folder.path, options), '/app.js', {
      headers: ['accept-encoding', 'br, gzip;q=0.5'],
    })
    expect(response.text).toBe('gzip')
  })
})
