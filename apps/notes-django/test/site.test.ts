import { pythonWith, serveSite, visit } from 'notes-kit/testing'
import { describe, expect, it } from 'vitest'
import { APP, FOLDER, newNotebook, NO_DJANGO } from './project.ts'

const python = pythonWith('django')

describe('the Django notes site', () => {
  it('keeps notes, explains mistakes and refuses forged forms on the event loop', async ({ skip }) => {
    if (python === undefined) return skip(NO_DJANGO)
    const environment = await newNotebook(python)
    const site = await serveSite(APP, { environment, staticFiles: false, cwd: FOLDER })
    try {
      await visit(site.url, { tokenField: 'csrfmiddlewaretoken' })
    } finally {
      await site.stop()
    }
    expect(site.log()).not.toMatch(/"level":"(error|warn)"/)
  })
})
