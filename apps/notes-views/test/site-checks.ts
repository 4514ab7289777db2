import { findChromium, serveSite, type TestPlace, walk, WebClient, type ServedSite } from 'notes-kit/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const app = new URL('../app.ts', import.meta.url)
/** What the site does, on each of these databases; `walked` in a real browser too. */
export function describeSite(places: readonly TestPlace[], { walked }: { readonly walked: boolean }): void {
  afterAll(() => Promise.all(places.map((place) => place.stop())))

  describe.each(places)('on $name', ({ environment, missing }) => {
    let site: ServedSite
    beforeAll(async () => {
      if (missing === undefined) site = await serveSite(app, { environment })
    })
    afterAll(() => site?.stop())
    const check = (sentence: string, run: (visitor: WebClient) => Promise<void>): void =>
      it(sentence, async ({ skip }) => {
        skip(missing !== undefined, missing)
        await run(new WebClient(site.url))
      })

    if (walked)
      it('is walked through in a browser', { timeout: 400_000 }, async ({ skip }) => {
        skip(missing !== undefined, missing)
        skip(findChromium() === undefined, 'no Chromium: install it, or name it in CHROMIUM')
        await walk(site.url, { axe: true })
      })

    check('has an icon where browsers look for one', async (visitor) => {
      const { status, headers } = await visitor.get('/favicon.ico')
      expect({ status, location: headers.get('location') }).toEqual({ status: 301, location: '/static/icon.svg' })
    })

    check('keeps notes and their owner’s way to them over a restart', async () => {
      const visitor = new WebClient(site.url)
      const written = await write(visitor, { title: 'Still here' })
      const port = new URL(site.url).port
      await site.stop()
      site = await serveSite(app, { environment, flags: ['--port', port] })
      expect((await visitor.get(written)).page).toContain('Still here')
    })

    check('refuses a form without its token, and with another visitor’s', async (visitor) => {
      expect((await visitor.post('/notes/new/', { title: 'forged', colour: 'plain' })).status).toBe(403)
      const foreign = await token(new WebClient(site.url), '/notes/new/')
      await visitor.get('/notes/new/')
      const refused = await visitor.post('/notes/new/', { title: 'forged', colour: 'plain', csrf_token: foreign })
      expect(refused.status).toBe(403)
      expect(refused.page).toContain('This form could not be checked')
      expect((await visitor.get('/')).page).not.toContain('forged')
    })

    check('shows a stranger neither note nor form nor button', async (visitor) => {
      const note = await write(visitor, { title: 'private' })
      const stranger = new WebClient(site.url)
      const csrf_token = await token(stranger, '/notes/new/')
      for (const path of [note, `${note}edit/`, `${note}delete/`]) {
        expect((await stranger.get(path)).status, path).toBe(404)
        expect(
          (await stranger.post(path, { title: 'taken', colour: 'plain', csrf_token })).status,
          path,
        ).toBeGreaterThanOrEqual(404)
      }
      expect((await visitor.get(note)).page).toContain('private')
    })

    check('answers a form with mistakes with 422, says which, and keeps what was typed', async (visitor) => {
      const csrf_token = await token(visitor, '/notes/new/')
      const { status, page } = await visitor.post('/notes/new/', {
        title: 'x'.repeat(121),
        body: 'a\0b',
        colour: 'pink',
        csrf_token,
      })
      expect(status).toBe(422)
      expect(page).toContain('Write at most 120 characters; these are 121.')
      expect(page).toContain('This holds a character that is no text.')
      expect(page).toContain(`value="${'x'.repeat(121)}"`)
    })

    check('takes any search and any page number', async (visitor) => {
      await write(visitor, { title: '100% tea' })
      for (const query of [
        'q=%00',
        'q=%25',
        'q=%5C',
        `q=${'x'.repeat(2000)}`,
        'q=%ED%A0%80',
        'page=0',
        'page=-1',
        'page=1e99',
        'page=x',
        'page=2',
      ]) {
        expect((await visitor.get(`/?${query}`)).status, query).toBe(200)
      }
      expect((await visitor.get('/?q=100%25')).page).toContain('1 note with')
      expect((await visitor.get('/?page=7')).page).toContain('100% tea')
    })

    check('gives who only looks no cookie, and the writer one that scripts cannot read', async (visitor) => {
      expect((await visitor.get('/')).headers.getSetCookie()).toEqual([])
      const csrf_token = await token(visitor, '/notes/new/')
      const saved = await visitor.post('/notes/new/', { title: 'x', colour: 'plain', csrf_token })
      expect(saved.status).toBe(303)
      expect(saved.headers.getSetCookie()).toEqual([
        expect.stringMatching(/^notebook=.+; Max-Age=31536000; Path=\/; HttpOnly; SameSite=Lax$/),
      ])
    })

    check('allows no script, no frame and nothing from elsewhere, on error pages too', async (visitor) => {
      for (const path of ['/', '/nowhere/', '/notes/new/']) {
        const { headers } = await visitor.get(path)
        expect(headers.get('content-security-policy')).toMatch(/^default-src 'none';.*frame-ancestors 'none'$/)
        expect(headers.get('x-content-type-options')).toBe('nosniff')
      }
    })

    check('leads to the slash, and answers bad paths and methods', async (visitor) => {
      expect((await visitor.get('/notes/new')).headers.get('location')).toBe('/notes/new/')
      for (const id of ['2147483648', '9007199254740991', '99999999999999999999']) {
        expect((await visitor.get(`/notes/${id}/`)).status, id).toBe(404)
      }
      expect((await visitor.get('/notes/%zz/')).status).toBe(400)
      const csrf = { 'x-csrf-token': await token(visitor, '/notes/new/') }
      const refused = await visitor.request('/notes/new/', { method: 'DELETE', headers: csrf })
      expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, POST, HEAD, OPTIONS'])
    })
  })
}

async function token(visitor: WebClient, path: string): Promise<string> {
  const { page } = await visitor.get(path)
  return /name="csrf_token" value="([^"]+)"/.exec(page)?.[1] ?? ''
}

/** Writes a note and gives the path of its page. */
async function write(visitor: WebClient, fields: { readonly title: string }): Promise<string> {
  const csrf_token = await token(visitor, '/notes/new/')
  const saved = await visitor.post('/notes/new/', { colour: 'plain', csrf_token, ...fields })
  return saved.headers.get('location') ?? ''
}
