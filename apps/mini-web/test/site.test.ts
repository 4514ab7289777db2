import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import http from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveSite, SiteEnded, type Site } from './serve-site.ts'

describe('the site', { timeout: 60_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'mini-web-'))
  let site: Site
  beforeAll(async () => {
    site = await serveSite(join(folder, 'book.sqlite'))
  }, 60_000)
  afterAll(async () => {
    await site?.stop()
    rmSync(folder, { recursive: true })
  })

  const get = (path: string, init?: RequestInit): Promise<Response> => fetch(new URL(path, site.url), init)
  const sign = (fields: Record<string, string>): Promise<Response> =>
    get('guestbook', { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' })

  it('has the same contents on pages that are made as on the one that is a file', async () => {
    const contents = async (path: string): Promise<string[]> =>
      [...(await (await get(path)).text()).matchAll(/<li><a href="(\/\w+)"[^>]*>([^<]+)/g)].map(
        ([, href, name]) => `${href} ${name}`,
      )
    const made = await contents('time')
    expect(made).toHaveLength(8)
    expect(await contents('')).toEqual(expect.arrayContaining(made))
  })

  it('shows the grid as it was counted, and the languages', async () => {
    const grid = JSON.parse(readFileSync(new URL('../../../test-matrix/grid.json', import.meta.url), 'utf8')) as {
      readonly cells: readonly { readonly passed: number; readonly asked: number }[]
    }
    const text = await (await get('grid')).text()
    const sum = (of: 'passed' | 'asked'): number => grid.cells.reduce((total, cell) => total + cell[of], 0)
    expect(text).toContain(`${sum('passed')} of ${sum('asked')}`)
    expect(text.match(/✓ \d+\/\d+/g)?.length).toBe(grid.cells.filter(({ passed, asked }) => passed === asked).length)
    expect(text).toContain('tsgi serve shop.war')
  })

  it('answers what is not there with a page', async () => {
    const response = await get('nowhere/%3Cscript%3E')
    expect(response.status).toBe(404)
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(await response.text()).toContain('<code>/nowhere/%3Cscript%3E</code>')
    expect((await get('hello/%ff')).status).toBe(400)
    expect((await get('time', { method: 'DELETE' })).headers.get('allow')).toBe('GET, HEAD, OPTIONS')
  })

  it('takes no entry from a page of another site', async () => {
    const post = (headers: Record<string, string>): Promise<Response> =>
      get('guestbook', {
        method: 'POST',
        body: new URLSearchParams({ name: 'Eve', message: 'x' }),
        headers,
        redirect: 'manual',
      })
    const foreign = [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'http://evil.example' },
      { origin: 'null' },
    ]
    for (const headers of foreign) {
      const response = await post(headers)
      expect(response.status).toBe(403)
      expect(response.headers.get('set-cookie')).toBeNull()
    }
    for (const headers of [{}, { 'sec-fetch-site': 'same-origin' }, { origin: new URL(site.url).origin }]) {
      expect((await post(headers)).status).toBe(303)
    }
    expect((await get('favicon.ico')).headers.get('content-type')).toBe('image/svg+xml')
  })

  it('keeps what was written when it is not good enough', async () => {
    const response = await sign({ name: '"><script>', message: 'x'.repeat(501) })
    expect(response.status).toBe(422)
    const page = await response.text()
    expect(page).toContain('value="&#34;&#62;&#60;script&#62;"')
    expect(page).toContain(`\n${'x'.repeat(501)}</textarea>`)
    expect(page).toContain('Please keep to 500 characters; there are 501.')
  })

  it('refuses a form that is too large, or none', async () => {
    expect((await sign({ name: 'x', message: 'x'.repeat(2_000_000) })).status).toBe(413)
    expect((await get('guestbook', { method: 'POST', body: '{}' })).status).toBe(415)
  })

  it('leads to the new entry', async () => {
    const response = await sign({ name: 'Ada', message: 'one\r\n\r\n\r\n\r\ntwo' })
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toMatch(/^\/guestbook#entry-\d+$/)
    expect(response.headers.getSetCookie()).toEqual([
      'name=Ada; Max-Age=31536000; Path=/guestbook; HttpOnly; SameSite=Lax',
    ])
    expect(await (await get('guestbook')).text()).toContain('<p dir="auto">one\n\ntwo</p>')
  })

  it.each(['0', '-1', 'x', '1e9', ''])('shows a page of the book whatever page is asked for: %j', async (page) => {
    const response = await get(`guestbook?page=${page}`)
    expect(response.status).toBe(200)
    expect(await response.text()).toMatch(/Page \d of \d/)
  })

  it('says who served it', async () => {
    expect(await (await get('served-by')).text()).toBe(
      `Served by ${await serverName()}, process ${site.pid}: one process for everyone.`,
    )
  })
  const serverName = async (): Promise<string | undefined> =>
    /Served by (\S+),/.exec(await (await get('time')).text())?.[1]

  it('makes fifty megabytes as fast as they are taken, and no faster', async () => {
    const before = peakMemory(site.pid)
    const [response] = (await once(http.get(new URL('download/fifty-megabytes.txt', site.url)), 'response')) as [
      http.IncomingMessage,
    ]
    expect(response.headers['content-length']).toBe('50000000')
    let size = 0
    for await (const chunk of response as AsyncIterable<Buffer>) {
      size += chunk.length
      // Slower than it could be for the first megabytes.
      if (size < 5_000_000) await new Promise(setImmediate)
    }
    expect(size).toBe(50_000_000)
    expect(peakMemory(site.pid) - before).toBeLessThan(48 * 1024)
  })

  it('does not start without its guest book, and says why', async () => {
    const error = await serveSite(folder).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(SiteEnded)
    const { code, output } = error as SiteEnded
    expect(code).toBe(3)
    expect(output).toContain(`the guest book cannot be kept in ${folder}`)
    expect(output).toContain('set GUESTBOOK_DB')
    expect(output).not.toContain('    at ')
  })
})

/** In KiB, since the process began. */
function peakMemory(pid: number): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
}
