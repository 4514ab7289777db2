import { fileURLToPath } from 'node:url'
import {
  checkSite,
  findChromium,
  pythonWith,
  serveByGunicorn,
  serveSite,
  testPlaces,
  visit,
  walk,
  type ServedSite,
} from 'notes-kit/testing'
import { afterEach, describe, expect, it } from 'vitest'

const app = new URL('../app.py', import.meta.url)
const cwd = fileURLToPath(new URL('..', import.meta.url))
const python = pythonWith('flask')
const gunicorn = pythonWith('flask', 'gunicorn')

const NO_FLASK = 'no Flask: install python3-flask, or name a Python that has it in TSGI_PYTHON'

const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop()
})

describe('the Flask notes site', () => {
  it.for(['event-loop', 'cluster', 'process'])(
    'is walked through on %s',
    { timeout: 400_000 },
    async (server, { skip }) => {
      skip(python === undefined, NO_FLASK)
      skip(findChromium() === undefined, 'no Chromium: install it, or name it in CHROMIUM')
      const environment = { ...(await newPlace()), TSGI_PYTHON: python }
      const site = opened(await serveSite(app, { server, environment, cwd }))
      await walk(site.url, { axe: server === 'event-loop' })
      expect(site.log()).not.toMatch(/"level":"(error|warn)"/)
    },
  )

  it('is the same under Gunicorn', { timeout: 120_000 }, async ({ skip }) => {
    if (gunicorn === undefined)
      return skip('no Gunicorn: install gunicorn, or name a Python that has it in TSGI_PYTHON')
    const site = opened(await serveByGunicorn(gunicorn, 'app:app', { cwd, environment: await newPlace() }))
    await visit(site.url, { tokenField: 'csrf_token' })
    if (findChromium() !== undefined) await walk(site.url)
    expect(site.log()).not.toMatch(/Traceback/)
  })

  it('breaks no clause of SPEC.md', { timeout: 60_000 }, async ({ skip }) => {
    skip(python === undefined, NO_FLASK)
    const paths = ['/', '/notes/new/', '/notes/1/', '/static/notes.css']
    const environment = { ...(await newPlace()), TSGI_PYTHON: python }
    expect(await checkSite(app, paths, { cwd, environment })).toMatch(/ 0 findings$/)
  })
})

/** An empty notebook for one test. */
async function newPlace(): Promise<Readonly<Record<string, string | undefined>>> {
  const [place] = await testPlaces(['SQLite'])
  if (place === undefined) throw new Error('expected a place for notes')
  stops.push(() => place.stop())
  return place.environment
}

function opened(site: ServedSite): ServedSite {
  stops.push(() => site.stop())
  return site
}
