import { describe, expect, it } from 'vitest'
import { staticFiles } from '@tsgi/static-files'
import { temporaryFolder } from './folder.ts'
import { request } from './request.ts'

describe('methods', () => {
  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'get'])('answers 405 with Allow to %s', async (method) => {
    using folder = temporaryFolder({ 'a.txt': 'a' })
    for (const path of ['/a.txt', '/nothing', '/%00']) {
      const response = await request(staticFiles(folder.path), path, { method })
      expect(response.status).toBe(405)
      expect(response.header('allow')).toBe('GET, HEAD')
    }
  })

  it.each(['/a.txt', '/big.bin', '/', '/sub/'])('answers HEAD of %s with the head of GET and no body', async (path) => {
    using folder = temporaryFolder({ 'a.txt': 'a', 'big.bin': 'b'.repeat(100), 'index.html': 'home', 'sub/x': '' })
    const app = staticFiles(folder.path, { memory: { perFile: 50 } })
    const get = await request(app, path)
    const head = await request(app, path, { method: 'HEAD' })
    expect([head.status, head.headers]).toEqual([get.status, get.headers])
    if (get.status === 200) expect(head.bytes.length).toBe(0)
  })
})

describe('directories', () => {
  const files = {
    'index.html': 'home',
    'docs/index.html': 'docs',
    'docs/a.txt': 'a',
    'empty/a.txt': 'a',
    'd e/index.html': '',
  }

  it.each([
    ['/docs', '', '', '/docs/'],
    ['/docs', '', 'a=1&b=%2F', '/docs/?a=1&b=%2F'],
    ['/docs', '/mount', 'x', '/mount/docs/?x'],
    ['/%64ocs', '', '', '/%64ocs/'],
    ['/d%20e', '', '', '/d%20e/'],
    ['', '/mount', 'x', '/mount/?x'],
  ])('redirects %j (mounted at %j, query %j) to %s', async (path, scriptName, query, location) => {
    using folder = temporaryFolder(files)
    const response = await request(staticFiles(folder.path), path, { scriptName, query })
    expect(response.status).toBe(301)
    expect(response.header('location')).toBe(location)
  })

  it('never redirects to another host', async () => {
    using folder = temporaryFolder(files)
    const app = staticFiles(folder.path)
    for (const path of ['//docs', '//evil.example/docs', '//evil.example/..', '/%2fevil.example', '/\\evil.example/']) {
      expect((await request(app, path)).status, path).toBe(404)
    }
    const response = await request(app, '/docs', { scriptName: '//evil.example' })
    expect(response.header('location')).toBe('/evil.example/docs/')
  })

  it('serves the index file of a folder, and under its own name', async () => {
    using folder = temporaryFolder(files)
    const app = staticFiles(folder.path)
    expect((await request(app, '/')).text).toBe('home')
    expect((await request(app, '/docs/')).text).toBe('docs')
    expect((await request(app, '/docs/')).header('content-type')).toBe('text/html; charset=utf-8')
    expect((await request(app, '/docs/index.html')).text).toBe('docs')
  })

  it('takes the first index file that there is', async () => {
    using folder = temporaryFolder({ 'b.html': 'b', 'c.html': 'c', 'a.html/x': '' })
    const app = staticFiles(folder.path, { index: ['a.html', 'b.html', 'c.html'], memory: { recheckAfter: 0 } })
    expect((await request(app, '/')).text).toBe('b')
  })

  it('finds an index file in a folder below', async () => {
    using folder = temporaryFolder({ 'build/home.html': 'home', x: '' })
    expect((await request(staticFiles(folder.path, { index: 'build/home.html' }), '/')).text).toBe('home')
  })

  it('answers 404 to a folder without an index file, with and without the slash', async () => {
    using folder = temporaryFolder(files)
    const app = staticFiles(folder.path)
    expect((await request(app, '/empty')).status).toBe(404)
    expect((await request(app, '/empty/')).status).toBe(404)
    expect((await request(staticFiles(folder.path, { index: false }), '/')).status).toBe(404)
  })

  it('answers 404 to a file with a slash behind it', async () => {
    using folder = temporaryFolder(files)
    const app = staticFiles(folder.path, { listing: true })
    expect((await request(app, '/docs/a.txt/')).status).toBe(404)
  })

  it('lists a folder only when asked to, and only one without an index file', async () => {
    using folder = temporaryFolder({ ...files, 'empty/sub/x': '' })
    const app = staticFiles(folder.path, { listing: true })
    expect((await request(app, '/empty')).header('location')).toBe('/empty/')
    const listing = await request(app, '/empty/')
    expect(listing.header('content-type')).toBe('text/html; charset=utf-8')
    expect(listing.text).toContain('<a href="./a.txt">a.txt</a>')
    expect(listing.text).toContain('<a href="./sub/">sub/</a>')
    expect(listing.text).toContain('<a href="../">../</a>')
    expect((await request(app, '/docs/')).text).toBe('docs')
  })

  it('lists names as text and links that lead to the files', async () => {
    const name = `<img src=x onerror="alert(1)">&'.txt`
    using folder = temporaryFolder({ [`d/${name}`]: 'found', 'd/javascript:alert(1)': 'x', 'd/a?b#c%20': 'odd' })
    const app = staticFiles(folder.path, { listing: true })
    const { text } = await request(app, '/d/')
    expect(text).not.toContain('<img')
    expect(text).not.toContain('"javascript:')
    for (const [, href] of text.matchAll(/href="\.\/([^"]+)"/g)) {
      expect((await request(app, `/d/${href}`)).status, href).toBe(200)
    }
    expect(text.match(/href="\.\//g)).toHaveLength(3)
  })

  it('writes the path into the listing as text', async () => {
    using folder = temporaryFolder({ '<b>/x': '' })
    const { text } = await request(staticFiles(folder.path, { listing: true }), '/%3Cb%3E/', { scriptName: '/%3Ci%3E' })
    expect(text).toContain('<h1>Files in /&lt;i&gt;/&lt;b&gt;/</h1>')
  })
})
