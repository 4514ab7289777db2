import { utimesSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { httpDate } from '@tsgi/http-fields'
import { staticFiles } from '@tsgi/static-files'
import { temporaryFolder } from './folder.ts'
import { request } from './request.ts'

const modified = 1_700_000_000
const date = httpDate(modified * 1000)
const before = httpDate(modified * 1000 - 1000)

function site(content: string | Uint8Array = 'hello') {
  const folder = temporaryFolder()
  utimesSync(folder.write('a.txt', content), modified, modified)
  return { ...folder, app: staticFiles(folder.path) }
}

describe('ETag', () => {
  it('is strong for what is in memory, and follows the bytes alone', async () => {
    using a = site('hello')
    using b = site('hello')
    using c = site('hallo')
    const [etagA, etagB, etagC] = await Promise.all(
      [a, b, c].map(async ({ app }) => (await request(app, '/a.txt')).header('etag')),
    )
    expect(etagA).toMatch(/^"[\w-]+"$/)
    expect(etagB).toBe(etagA)
    expect(etagC).not.toBe(etagA)
  })

  it('is weak for what is streamed, since size and time vouch for no bytes', async () => {
    using a = site(Buffer.alloc(300 * 1024))
    const etag = (await request(a.app, '/a.txt')).header('etag')
    expect(etag).toMatch(/^W\/"[\w-]+"$/)
    utimesSync(`${a.path}/a.txt`, modified, modified + 1)
    expect((await request(staticFiles(a.path), '/a.txt')).header('etag')).not.toBe(etag)
  })

  it('is another one for each coding, even of equal bytes', async () => {
    using folder = temporaryFolder({ 'a.js': 'x', 'a.js.br': 'x', 'a.js.gz': 'x' })
    for (const options of [{}, { memory: { perFile: 0 } }]) {
      const app = staticFiles(folder.path, options)
      const tags = await Promise.all(
        ['identity', 'br', 'gzip'].map(async (coding) =>
          (await request(app, '/a.js', { headers: ['accept-encoding', coding] })).header('etag'),
        ),
      )
      expect(new Set(tags).size).toBe(3)
    }
  })
})

describe('preconditions', () => {
  const etag = async (app: ReturnType<typeof staticFiles>) => (await request(app, '/a.txt')).header('etag') as string
  async function status(app: ReturnType<typeof staticFiles>, ...headers: string[]): Promise<number> {
    return (await request(app, '/a.txt', { headers })).status
  }

  it('If-Match, by the strong comparison', async () => {
    using a = site()
    const tag = await etag(a.app)
    expect(await status(a.app, 'if-match', tag)).toBe(200)
    expect(await status(a.app, 'if-match', `"x", ${tag}`)).toBe(200)
    expect(await status(a.app, 'if-match', '*')).toBe(200)
    expect(await status(a.app, 'if-match', '"x"')).toBe(412)
    expect(await status(a.app, 'if-match', `W/${tag}`)).toBe(412)
    using big = site(Buffer.alloc(300 * 1024))
    expect(await status(big.app, 'if-match', await etag(big.app))).toBe(412)
  })

  it('If-Unmodified-Since, unless If-Match is there', async () => {
    using a = site()
    expect(await status(a.app, 'if-unmodified-since', date)).toBe(200)
    expect(await status(a.app, 'if-unmodified-since', before)).toBe(412)
    expect(await status(a.app, 'if-unmodified-since', before, 'if-match', '*')).toBe(200)
  })

  it('If-None-Match, by the weak comparison, with lists, * and several lines', async () => {
    using a = site()
    const tag = await etag(a.app)
    for (const value of [tag, `W/${tag}`, `"x", ${tag}`, '*'])
      expect(await status(a.app, 'if-none-match', value)).toBe(304)
    expect(await status(a.app, 'if-none-match', '"x"', 'if-none-match', tag)).toBe(304)
    expect(await status(a.app, 'if-none-match', '"x"')).toBe(200)
    expect(await status(a.app, 'if-none-match', '"x"', 'if-modified-since', date)).toBe(200)
    using big = site(Buffer.alloc(300 * 1024))
    expect(await status(big.app, 'if-none-match', await etag(big.app))).toBe(304)
  })

  it('If-Modified-Since, in all three formats', async () => {
    using a = site()
    for (const value of [date, 'Tuesday, 14-Nov-23 22:13:20 GMT', 'Tue Nov 14 22:13:20 2023']) {
      expect(await status(a.app, 'if-modified-since', value), value).toBe(304)
    }
    expect(await status(a.app, 'if-modified-since', before)).toBe(200)
    expect(await status(a.app, 'if-modified-since', 'garbage')).toBe(200)
  })

  it('come before Range', async () => {
    using a = site()
    const tag = await etag(a.app)
    expect(await status(a.app, 'range', 'bytes=0-0', 'if-none-match', tag)).toBe(304)
    expect(await status(a.app, 'range', 'bytes=0-0', 'if-match', '"x"')).toBe(412)
    expect(await status(a.app, 'range', 'bytes=99-', 'if-match', '"x"')).toBe(412)
    expect(await status(a.app, 'range', 'bytes=0-0', 'if-match', tag)).toBe(206)
    expect(await status(a.app, 'range', 'bytes=0-0', 'if-match', tag, 'if-range', '"x"')).toBe(200)
  })

  it('are skipped when the answer would not be 2xx', async () => {
    using a = site()
    a.write('docs/index.html', '')
    const headers = ['if-match', '"x"', 'if-none-match', '*', 'if-modified-since', date]
    expect((await request(a.app, '/nothing', { headers })).status).toBe(404)
    expect((await request(a.app, '/docs', { headers })).status).toBe(301)
    expect((await request(a.app, '/%00', { headers })).status).toBe(400)
    expect((await request(a.app, '/a.txt', { method: 'POST', headers })).status).toBe(405)
  })

  it('answer HEAD as they answer GET', async () => {
    using a = site()
    const tag = await etag(a.app)
    expect((await request(a.app, '/a.txt', { method: 'HEAD', headers: ['if-none-match', tag] })).status).toBe(304)
    expect((await request(a.app, '/a.txt', { method: 'HEAD', headers: ['if-match', '"x"'] })).status).toBe(412)
  })

  it('give a 304 the fields that update what was stored, and none about the content', async () => {
    using a = site()
    const whole = await request(a.app, '/a.txt')
    const response = await request(a.app, '/a.txt', { headers: ['if-none-match', '*'] })
    expect(response.bytes.length).toBe(0)
    for (const name of ['etag', 'last-modified', 'cache-control']) {
      expect(response.header(name)).toBe(whole.header(name))
    }
    expect(response.header('content-length')).toBeUndefined()
    expect(response.header('content-type')).toBeUndefined()
  })
})

describe('dates', () => {
  it('Last-Modified is the time of the file', async () => {
    using a = site()
    expect((await request(a.app, '/a.txt')).header('last-modified')).toBe(date)
  })

  it('Last-Modified is never in the future', async () => {
    using a = site()
    const inAnHour = Date.now() / 1000 + 3600
    utimesSync(`${a.path}/a.txt`, inAnHour, inAnHour)
    const response = await request(a.app, '/a.txt')
    const lastModified = response.header('last-modified') as string
    expect(Date.parse(lastModified)).toBeLessThanOrEqual(Date.now())
    expect((await request(a.app, '/a.txt', { headers: ['if-modified-since', lastModified] })).status).toBe(304)
  })

  it('Last-Modified of a file from before 1970 is a date all the same', async () => {
    using a = site()
    utimesSync(`${a.path}/a.txt`, new Date(-1_000_000), new Date(-1_000_000))
    expect((await request(a.app, '/a.txt')).header('last-modified')).toBe(httpDate(0))
  })
})
