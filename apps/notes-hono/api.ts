import { Hono } from 'hono'
import { validator } from 'hono/validator'
import { notes } from './notes.ts'
import { openNotebook, type NotebookEnv } from './notebook.ts'
import { readNote } from './note-input.ts'

/** `/api/notes`: the notebook as JSON. A note that breaks a rule is answered with 422 and a message for each field. */
export const api = new Hono<NotebookEnv>()

const note = validator('json', (value, c) => {
  const input = readNote(value)
  return 'draft' in input ? input.draft : c.json({ errors: input.errors }, 422)
})

api.get('/', async (c) => {
  const { q = '', page = '1' } = c.req.query()
  return c.json(await notes.list(c.get('notebook') ?? '', { search: q, page: Number(page) }))
})

api.post('/', note, async (c) => {
  const added = await notes.add(await openNotebook(c), c.req.valid('json'))
  return c.json(added, 201, { location: `/api/notes/${added.id}` })
})

api.get('/:id{[0-9]+}', async (c) => {
  const found = await notes.get(c.get('notebook') ?? '', Number(c.req.param('id')))
  return found ? c.json(found) : c.notFound()
})

api.put('/:id{[0-9]+}', note, async (c) => {
  const changed = await notes.update(c.get('notebook') ?? '', Number(c.req.param('id')), c.req.valid('json'))
  return changed ? c.json(changed) : c.notFound()
})

api.delete('/:id{[0-9]+}', async (c) => {
  const isGone = await notes.remove(c.get('notebook') ?? '', Number(c.req.param('id')))
  return isGone ? c.body(null, 204) : c.notFound()
})

api.notFound((c) => c.json({ errors: { note: 'This notebook has no such note.' } }, 404))
