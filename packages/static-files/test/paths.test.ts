import { linkSync, symlinkSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { staticFiles } from '@tsgi/static-files'
import { temporaryFolder, type Folder } from './folder.ts'
import { request } from './request.ts'

let outside: Folder
let root: Folder
let inner: Folder

beforeAll(() => {
  inner = temporaryFolder({
    'secret.txt': 'SECRET',
    'public/index.html': 'home',
    'public/a b.txt': 'space',
    'public/été.txt': 'accent',
    'public/100%.txt': 'percent',
    'public/100%25.txt': 'percent twice',
    'public/sub/x.txt': 'x',
    'public/%2e%2e/y.txt': 'y',
    'public/.env': 'SECRET',
    'public/.git/config': 'SECRET',
    'public/sub/.hidden/z.txt': 'SECRET',
    'public/.well-known/security.txt': 'contact',
    'public/.well-known/.secret': 'SECRET',
    'public-too/x.txt': 'SECRET',
  })
  outside = temporaryFolder({ 'secret.txt': 'SECRET', 'index.html': 'SECRET', 'x.br': 'SECRET' })
  root = { ...inner, path: join(inner.path, 'public') }
  symlinkSync(join(outside.path, 'secret.txt'), join(root.path, 'out.txt'))
  symlinkSync(outside.path, join(root.path, 'out'))
  symlinkSync('../secret.txt', join(root.path, 'up.txt'))
  symlinkSync('../../public-too', join(root.path, 'sub', 'neighbour'))
  symlinkSync('sub/x.txt', join(root.path, 'in.txt'))
  symlinkSync('sub', join(root.path, 'in'))
  symlinkSync('loop', join(root.path, 'loop'))
  symlinkSync('nowhere', join(root.path, 'dangling'))
  symlinkSync(join(outside.path, 'x.br'), join(root.path, 'index.html.br'))
  execFileSync('mkfifo', [join(root.path, 'fifo')])
  linkSync(join(root.path, 'a b.txt'), join(root.path, 'hard.txt'))
})
afterAll(() => {
  inner[Symbol.dispose]()
  outside[Symbol.dispose]()
})

describe('path', () => {
  it.each([
    ['/', 'home'],
    ['/a%20b.txt', 'space'],
    ['/%61%20b.txt', 'space'],
    ['/%C3%A9t%C3%A9.txt', 'accent'],
    ['/100%25.txt', 'percent'],
    ['/100%2525.txt', 'percent twice'],
    ['/%252e%252e/y.txt', 'y'],
    ['/sub/x.txt', 'x'],
  ])('decodes %s once', async (path, text) => {
    const app = staticFiles(root.path)
    // The second time from memory, where no spelling may reach what another one put there.
    expect((await request(app, path)).text).toBe(text)
    expect((await request(app, path)).text).toBe(text)
  })

  it('does not take a decoded path in memory for one as sent', async () => {
    const app = staticFiles(root.path)
    expect((await request(app, '/100%2525.txt')).text).toBe('percent twice')
    expect((await request(app, '/100%25.txt')).text).toBe('percent')
  })

  it.each(['/%00', '/index.html%00', '/%', '/%zz', '/%c0%ae%c0%ae/secret.txt', '/%c0%af', '/%ff', '/sub/..%2f%2'])(
    'answers 400 to %s',
    async (path) => {
      expect((await request(staticFiles(root.path), path)).status).toBe(400)
    },
  )

  it.each([
    '/../secret.txt',
    '/..',
    '/sub/../../secret.txt',
    '/sub/../index.html',
    '/%2e%2e/secret.txt',
    '/.%2e/secret.txt',
    '/..%2fsecret.txt',
    '/sub%2fx.txt',
    '/..%5csecret.txt',
    '/..\\secret.txt',
    '/sub\\x.txt',
    '//secret.txt',
    '//sub/x.txt',
    '/sub//x.txt',
    '/./index.html',
    '/index.html/',
    '/index.html/.',
    '/index.html/x',
    '/sub/x.txt/',
    `/${'x'.repeat(300)}`,
    `/${'x/'.repeat(3000)}`,
    '/loop',
    '/dangling',
    '/fifo',
    'index.html',
    '*',
  ])('refuses %s', async (path) => {
    expect((await request(staticFiles(root.path), path)).status).toBe(404)
  })

  it('never sends a byte from outside the root, whatever is asked for', async () => {
    const app = staticFiles(root.path, { listing: true, spa: true })
    const dots = '. .. / // \\ %2e %2e%2e %2f %5c %00 % %c0%ae %252e ~'.split(' ')
    const names =
      'sub neighbour out up.txt out.txt in secret.txt index.html .git config .env public-too x.txt index.html.br'.split(
        ' ',
      )
    const piece = fc.constantFrom(...dots, ...names, root.path, outside.path)
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 8 }), fc.boolean(), async (pieces, slashes) => {
        const path = `/${pieces.join(slashes ? '/' : '')}`
        const response = await request(app, path, { headers: ['accept-encoding', 'br, gzip', 'accept', 'text/html'] })
        expect(response.text).not.toContain('SECRET')
        expect([200, 301, 400, 404]).toContain(response.status)
      }),
      { numRuns: 500 },
    )
  })
})

describe('dotfiles, links', () => {
  it.each(['/.env', '/.git/config', '/.git/', '/.git', '/%2eenv', '/sub/.hidden/z.txt', '/.well-known/.secret'])(
    'hides %s',
    async (path) => {
      expect((await request(staticFiles(root.path, { listing: true }), path)).status).toBe(404)
    },
  )

  it('serves .well-known', async () => {
    expect((await request(staticFiles(root.path), '/.well-known/security.txt')).text).toBe('contact')
  })

  it('serves dotfiles where it is told to', async () => {
    expect((await request(staticFiles(root.path, { dotfiles: true }), '/.git/config')).text).toBe('SECRET')
  })

  it.each(['/in.txt', '/in/x.txt', '/hard.txt'])('follows %s, which stays within the root', async (path) => {
    expect((await request(staticFiles(root.path), path)).status).toBe(200)
  })

  it.each(['/out.txt', '/up.txt', '/out/secret.txt', '/out/', '/out', '/sub/neighbour/x.txt', '/sub/neighbour/'])(
    'refuses %s, which leads out of the root',
    async (path) => {
      expect((await request(staticFiles(root.path, { listing: true }), path)).status).toBe(404)
    },
  )

  it('refuses a precompressed form that is a link out of the root, and serves the file', async () => {
    const response = await request(staticFiles(root.path), '/', { headers: ['accept-encoding', 'br'] })
    expect(response.text).toBe('home')
  })

  it.each([
    ['/out.txt', 'SECRET'],
    ['/out/secret.txt', 'SECRET'],
    ['/sub/neighbour/x.txt', 'SECRET'],
  ])('follows %s where it is told to', async (path, text) => {
    expect((await request(staticFiles(root.path, { followLinks: true }), path)).text).toBe(text)
  })

  it('shows in a listing only what it would serve', async () => {
    const names = async (options: object) =>
      [
        ...(await request(staticFiles(root.path, { index: false, listing: true, ...options }), '/')).text.matchAll(
          /">([^<]+)<\/a>/g,
        ),
      ].map((match) => match[1])
    expect(await names({})).toEqual([
      '%2e%2e/',
      'in/',
      'sub/',
      '100%.txt',
      '100%25.txt',
      'a b.txt',
      'été.txt',
      'hard.txt',
      'in.txt',
      'index.html',
    ])
    expect(await names({ dotfiles: true, followLinks: true })).toEqual(
      expect.arrayContaining(['.git/', '.env', 'out/', 'out.txt']),
    )
  })

  it('takes a root that is itself a link, and keeps to where it led', async () => {
    using links = temporaryFolder()
    symlinkSync(root.path, join(links.path, 'current'))
    const app = staticFiles(join(links.path, 'current'))
    expect((await request(app, '/sub/x.txt')).text).toBe('x')
  })
})
