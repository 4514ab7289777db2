import { checkSite, findChromium, pythonWith, serveByGunicorn, serveSite, visit, walk } from 'notes-kit/testing'
import { describe, expect, it } from 'vitest'
import { APP, FOLDER, manage, newNotebook, NO_DJANGO } from './project.ts'

const python = pythonWith('django')
const gunicorn = pythonWith('django', 'gunicorn')

describe('the Django notes site', () => {
  describe.each(['event-loop', 'cluster', 'process'])('on %s', (server) => {
    it('is walked through', { timeout: 400_000 }, async ({ skip }) => {
      if (python === undefined) return skip(NO_DJANGO)
      skip(findChromium() === undefined, 'no Chromium: install it, or name it in CHROMIUM')
      const site = await serveSite(APP, { server, environment: await newNotebook(python), cwd: FOLDER })
      try {
        await walk(site.url, { axe: server === 'event-loop' })
      } finally {
        await site.stop()
      }
      expect(site.log()).not.toMatch(/"level":"(error|warn)"/)
    })
  })

  it('is the same under Gunicorn', { timeout: 120_000 }, async ({ skip }) => {
    if (gunicorn === undefined)
      return skip('no Gunicorn: install gunicorn, or name a Python that has it in TSGI_PYTHON')
    const environment = await newNotebook(gunicorn)
    const site = await serveByGunicorn(gunicorn, 'notes.wsgi:application', { cwd: FOLDER, environment })
    try {
      await visit(site.url, { tokenField: 'csrfmiddlewaretoken' })
      if (findChromium() !== undefined) await walk(site.url)
    } finally {
      await site.stop()
    }
    expect(site.log()).not.toMatch(/Traceback/)
  })

  it('breaks no clause of SPEC.md', { timeout: 60_000 }, async ({ skip }) => {
    if (python === undefined) return skip(NO_DJANGO)
    const paths = ['/', '/notes/new/', '/notes/1/', '/static/notes.css']
    const found = await checkSite(APP, paths, { cwd: FOLDER, environment: await newNotebook(python) })
    expect(found).toMatch(/ 0 findings$/)
  })

  it('has a migration for all of its models, and settings that Django accepts', async ({ skip }) => {
    if (python === undefined) return skip(NO_DJANGO)
    const environment = await newNotebook(python)
    expect(await manage(python, environment, 'makemigrations', '--check', '--dry-run')).toContain('No changes')
    expect(await manage(python, environment, 'check')).toContain('no issues')
  })
})
