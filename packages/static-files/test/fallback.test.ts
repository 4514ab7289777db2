import { chmodSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Application } from '@tsgi/spec'
import { mountStatic, staticFiles } from '@tsgi/static-files'
import { temporaryFolder } from './folder.ts'
import { environFor, request } from './request.ts'

const files = { 'a.txt': 'file', 'docs/index.html': 'docs', 'empty/x.txt': '', 'index.html': 'home' }
const app: Application = (environ, startResponse) => {
  startResponse(200, ['content-type', 'text/plain'])
  return `app ${environ.requestMethod} ${environ.scriptName}|${environ.pathInfo}`
}

describe('staticFiles with a fallback', () => {
  it.each([
    ['GET', '/a.txt', 'file'],
    ['GET', '/', 'home'],
    ['GET', '/docs/', 'docs'],
    ['GET', '/nothing', 'app GET |/nothing'],
    ['GET', '/empty/', 'app GET |/empty/'],
    ['GET', '/empty', 'app GET |/empty'],
    ['GET', '/a.txt/', 'app GET |/a.txt/'],
    ['GET', '/../a.txt', 'app GET |/../a.txt'],
    ['GET', '/a%2Fb', 'app GET |/a%2Fb'],
    ['GET', '/%zz', 'app GET |/%zz'],
    ['HEAD', '/nothing', 'app HEAD |/nothing'],
    ['POST', '/a.txt', 'app POST |/a.txt'],
    ['OPTIONS', '*', 'app OPTIONS |*'],
  ])('%s %s is answered by: %s', async (method, path, text) => {
    using folder = temporaryFolder(files)
    expect((await request(staticFiles(folder.path, { fallback: app }), path, { method })).text).toBe(text)
  })

  it('redirects to a folder that has something to show', async () => {
    using folder = temporaryFolder(files)
    expect((await request(staticFiles(folder.path, { fallback: app }), '/docs')).status).toBe(301)
  })

  it('hands over the environ as it is', async () => {
    using folder = temporaryFolder(files)
    const seen: unknown[] = []
    const application = staticFiles(folder.path, { fallback: (environ) => (seen.push(environ), null) })
    const environ = environFor('/nothing')
    application(environ, () => {})
    expect(seen[0]).toBe(environ)
  })

  it('forwards the lifespan of the application', async () => {
    using folder = temporaryFolder(files)
    const calls: string[] = []
    const fallback: Application = Object.assign((...args: Parameters<Application>) => app(...args), {
      startup: () => void calls.push('startup'),
      shutdown: () => void calls.push('shutdown'),
    })
    for (const application of [staticFiles(folder.path, { fallback }), mountStatic('/x', folder.path, { fallback })]) {
      await application.startup?.()
      await application.shutdown?.()
    }
    expect(calls).toEqual(['startup', 'shutdown', 'startup', 'shutdown'])
    expect(staticFiles(folder.path).startup).toBeUndefined()
  })

  it("does not take the application's errors for its own", async () => {
    using folder = temporaryFolder(files)
    const fallback: Application = () => {
      throw Object.assign(new Error('of the application'), { code: 'EACCES' })
    }
    await expect(request(staticFiles(folder.path, { fallback }), '/nothing')).rejects.toThrow('of the application')
  })
})

describe('mountStatic', () => {
  it.each([
    ['GET', '/assets/a.txt', 'file'],
    ['GET', '/assets/', 'home'],
    ['GET', '/%61ssets/a.txt', 'file'],
    ['GET', '/assets/%61.txt', 'file'],
    ['GET', '/assetsx', 'app GET |/assetsx'],
    ['GET', '/assets%2fa.txt', 'app GET |/assets%2fa.txt'],
    ['GET', '/a.txt', 'app GET |/a.txt'],
    ['GET', '/%C3%A9', 'app GET |/%C3%A9'],
    ['GET', '/', 'app GET |/'],
    ['POST', '/other', 'app POST |/other'],
  ])('%s %s is answered by: %s', async (method, path, text) => {
    using folder = temporaryFolder(files)
    const application = mountStatic('/assets', folder.path, { fallback: app })
    expect((await request(application, path, { method })).text).toBe(text)
  })

  it('owns its prefix: what is missing there never reaches the application', async () => {
    using folder = temporaryFolder(files)
    const application = mountStatic('/assets', folder.path, { fallback: app })
    expect((await request(application, '/assets/nothing')).status).toBe(404)
    expect((await request(application, '/assets/..')).status).toBe(404)
    expect((await request(application, '/assets/%zz')).status).toBe(400)
    expect((await request(application, '/assets/a.txt', { method: 'POST' })).status).toBe(405)
    expect((await request(application, '/assets')).header('location')).toBe('/assets/')
    expect((await request(application, '/assets/docs', { query: 'q' })).header('location')).toBe('/assets/docs/?q')
  })

  it('answers 400 where a segment that must be compared has a bad escape', async () => {
    using folder = temporaryFolder(files)
    expect((await request(mountStatic('/assets', folder.path, { fallback: app }), '/%zz/a')).status).toBe(400)
  })

  it('answers 404 outside of its prefix without an application', async () => {
    using folder = temporaryFolder(files)
    expect((await request(mountStatic('/assets', folder.path), '/a.txt')).status).toBe(404)
  })

  it.each(['/a/b', '/a/b/', '/my files', '/100%'])('takes the prefix %j as people write it', async (prefix) => {
    using folder = temporaryFolder(files)
    const path = `${prefix.replace(/\/$/, '').split('/').map(encodeURIComponent).join('/')}/a.txt`
    expect((await request(mountStatic(prefix, folder.path), path)).text).toBe('file')
  })

  it.each(['/', ''])('takes %j for everything', async (prefix) => {
    using folder = temporaryFolder(files)
    expect((await request(mountStatic(prefix, folder.path), '/a.txt')).text).toBe('file')
  })

  it.each(['assets', '//', '/a//b', '/../a', '/.'])('refuses the prefix %j', (prefix) => {
    using folder = temporaryFolder(files)
    expect(() => mountStatic(prefix, folder.path)).toThrow(TypeError)
  })
})

describe('a root that cannot be served', () => {
  it('says so at once, and what to do', () => {
    using folder = temporaryFolder(files)
    const missing = `${folder.path}/missing`
    expect(() => staticFiles(missing)).toThrow(`expected a folder at ${missing}, but there is nothing`)
    expect(() => staticFiles(`${folder.path}/a.txt`)).toThrow('but that is a file')
    expect(() => staticFiles(missing)).toThrow(expect.objectContaining({ code: 'TSGI_ERR_STATIC_ROOT' }))
  })
})

it('answers 403 to a file that may not be read, and logs why', async () => {
  using folder = temporaryFolder(files)
  chmodSync(`${folder.path}/a.txt`, 0)
  const application = staticFiles(folder.path, { fallback: app })
  // Root may read everything.
  using _ = asNobody(folder.path)
  const response = await request(application, '/a.txt')
  expect(response.status).toBe(403)
  expect(response.log).toContain('EACCES')
  expect(response.log).toContain('a.txt')
})

function asNobody(folder: string): Disposable {
  if (process.geteuid?.() !== 0) return { [Symbol.dispose]: () => {} }
  chmodSync(folder, 0o755)
  process.seteuid?.(65_534)
  return { [Symbol.dispose]: () => process.seteuid?.(0) }
}
