import { findChromium, serveSite, type TestPlace, walk, WebClient, type ServedSite } from 'notes-kit/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const app = new URL('../app.ts', import.meta.url)
/** What the site does, on each of these databases; `walked` in a real browser too. */
export function describeSite(places: readonly TestPlace[], { walked }: { readonly walked: boolean }): void {
  afterAll(() => Promise.all(places.map((place) => place.stop())))

  describe.each(places)('on $name', ({ environment, missing }) => {
    let site: ServedSite
    beforeAll(async () => {
      if (missing === undefined) site = await serveSite(app, { environment, staticFiles: false })
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

    check('gives and takes notes as JSON', async (visitor) => {
      expect(await list(visitor)).toEqual({ notes: [], page: 1, pages: 1, total: 0 })
      const added = await visitor.request(
        '/api/notes',
        json('POST', { title: ' Tëa ', body: 'a\r\nb', isPinned: true }),
      )
      const note = JSON.parse(added.page) as { id: number }
      expect(added.status).toBe(201)
      expect(added.headers.get('location')).toBe(`/api/notes/${note.id}`)
      expect(note).toMatchObject({ title: 'Tëa', body: 'a\nb', colour: 'plain', isPinned: true })

      const changed = await visitor.request(`/api/notes/${note.id}`, json('PUT', { title: 'Coffee', colour: 'rose' }))
      expect(JSON.parse(changed.page)).toMatchObject({
        id: note.id,
        title: 'Coffee',
        body: '',
        colour: 'rose',
        isPinned: false,
      })
      expect((await visitor.get(`/api/notes/${note.id}`)).page).toBe(changed.page)
      expect(await list(visitor, '?q=COFFEE')).toMatchObject({ total: 1 })
      expect(await list(visitor, '?q=tëa')).toMatchObject({ total: 0 })

      const gone = await visitor.request(`/api/notes/${note.id}`, { method: 'DELETE' })
      expect([gone.status, gone.page]).toEqual([204, ''])
      expect((await visitor.get(`/api/notes/${note.id}`)).status).toBe(404)
    })

    check('says in JSON what is wrong with a note', async (visitor) => {
      const bad = { title: ' ', body: 7, colour: 'pink', isPinned: 'yes' }
      const refused = await visitor.request('/api/notes', json('POST', bad))
      expect(refused.status).toBe(422)
      expect(JSON.parse(refused.page)).toEqual({
        errors: {
          title: 'This field is required.',
          body: 'This has to be text.',
          colour: 'Choose one of plain, amber, green, blue, rose.',
          isPinned: 'This is true or false.',
        },
      })
      for (const odd of [null, [], 'text', { title: 'a\0b' }, { title: 'x', colour: 'toString' }]) {
        expect((await visitor.request('/api/notes', json('POST', odd))).status, JSON.stringify(odd)).toBe(422)
      }
      const malformed = await visitor.request('/api/notes', { ...json('POST', 0), body: '{' })
      expect(malformed.status).toBe(400)
    })

    check('takes JSON only as JSON, so that no form of another site can write', async (visitor) => {
      const body = JSON.stringify({ title: 'forged' })
      const plain = await visitor.request('/api/notes', {
        method: 'POST',
        body,
        headers: { 'content-type': 'text/plain' },
      })
      expect(plain.status).toBe(422)
      const form = await visitor.post('/notes/new', { title: 'forged' }, { origin: 'https://evil.example' })
      expect(form.status).toBe(403)
      expect(await list(visitor)).toMatchObject({ total: 0 })
    })

    check('keeps a stranger out', async (visitor) => {
      const added = await visitor.request('/api/notes', json('POST', { title: 'private' }))
      const { id } = JSON.parse(added.page) as { id: number }
      const stranger = new WebClient(site.url)
      for (const path of [`/api/notes/${id}`, `/notes/${id}`, `/notes/${id}/edit`, `/notes/${id}/delete`]) {
        expect((await stranger.get(path)).status, path).toBe(404)
      }
      expect((await stranger.request(`/api/notes/${id}`, json('PUT', { title: 'taken' }))).status).toBe(404)
      expect((await stranger.request(`/api/notes/${id}`, { method: 'DELETE' })).status).toBe(404)
      stranger.setCookie('notebook', 'made-up.c2lnbmF0dXJl')
      expect(await list(stranger)).toMatchObject({ total: 0 })
      expect(await list(visitor)).toMatchObject({ total: 1 })
    })

    check('takes any search and any page number', async (visitor) => {
      for (const query of ['q=%00', 'q=%25', 'q=%5C', 'q=%ED%A0%80', 'page=0', 'page=1e99', 'page=x']) {
        expect((await visitor.get(`/?${query}`)).status, query).toBe(200)
        expect((await visitor.get(`/api/notes?${query}`)).status, query).toBe(200)
      }
      expect((await visitor.get('/notes/99999999999999999999')).status).toBe(404)
    })

    check('serves its stylesheet by itself', async (visitor) => {
      const styles = await visitor.get('/static/notes.css')
      expect([styles.status, styles.headers.get('content-type')]).toEqual([200, 'text/css; charset=utf-8'])
      expect(styles.page).toContain(':root')
      expect((await visitor.get('/static/../package.json')).status).toBe(404)
      expect((await visitor.get('/static/%2e%2e/package.json')).status).toBe(404)
    })
  })
}

const json = (method: string, value: unknown): RequestInit => ({
  method,
  body: JSON.stringify(value),
  headers: { 'content-type': 'application/json' },
})

const list = async (visitor: WebClient, query = ''): Promise<unknown> =>
  JSON.parse((await visitor.get(`/api/notes${query}`)).page)
