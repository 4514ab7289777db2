import { fileURLToPath } from 'node:url'
import { pythonWith, serveSite, testPlaces, visit } from 'notes-kit/testing'
import { afterAll, describe, expect, it } from 'vitest'

const app = new URL('../app.py', import.meta.url)
const python = pythonWith('flask')
const [place] = await testPlaces(['SQLite'])
afterAll(() => place?.stop())

describe('the Flask notes site', () => {
  it('keeps notes, explains mistakes and refuses forged forms on the event loop', async ({ skip }) => {
    skip(python === undefined, 'no Flask: install python3-flask, or name a Python that has it in TSGI_PYTHON')
    const environment = { ...place?.environment, TSGI_PYTHON: python }
    const site = await serveSite(app, {
      environment,
      staticFiles: false,
      cwd: fileURLToPath(new URL('..', import.meta.url)),
    })
    try {
      await visit(site.url, { tokenField: 'csrf_token' })
    } finally {
      await site.stop()
    }
    expect(site.log()).not.toMatch(/"level":"(error|warn)"/)
  })
})
