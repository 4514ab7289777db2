import { Hono, type Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { Note } from 'notes-kit'
import { readNote } from '../note-input.ts'
import { leaveNotice, openNotebook, takeNotice, type NotebookEnv } from '../notebook.ts'
import { notes } from '../notes.ts'
import { deletePage } from './delete.ts'
import { detailPage } from './detail.ts'
import { formPage, type FormValues } from './form.ts'
import { listPage } from './list.ts'

/** The notebook as pages, with plain forms and no script. */
export const pages = new Hono<NotebookEnv>()

pages.get('/', async (c) => {
  const { q = '', page = '1' } = c.req.query()
  const search = q.slice(0, 200).trim()
  const found = await notes.list(c.get('notebook') ?? '', { search, page: Number(page) })
  return c.html(listPage({ ...found, search, notice: takeNotice(c) }))
})

pages.get('/notes/new', (c) => c.html(formPage({ values: { colour: 'plain' } })))

pages.post('/notes/new', async (c) => {
  const values = await formValues(c)
  const input = readNote(values)
  if (!('draft' in input)) return c.html(formPage({ values, errors: input.errors }), 422)
  const note = await notes.add(await openNotebook(c), input.draft)
  leaveNotice(c, 'Your note is saved.')
  return c.redirect(`/notes/${note.id}`, 303)
})

pages.get('/notes/:id{[0-9]+}', async (c) => c.html(detailPage(await find(c), takeNotice(c))))

pages.get('/notes/:id{[0-9]+}/edit', async (c) => {
  const note = await find(c)
  return c.html(formPage({ values: note, note }))
})

pages.post('/notes/:id{[0-9]+}/edit', async (c) => {
  const note = await find(c)
  const values = await formValues(c)
  const input = readNote(values)
  if (!('draft' in input)) return c.html(formPage({ values, errors: input.errors, note }), 422)
  await notes.update(await openNotebook(c), note.id, input.draft)
  leaveNotice(c, 'Your changes are saved.')
  return c.redirect(`/notes/${note.id}`, 303)
})

pages.get('/notes/:id{[0-9]+}/delete', async (c) => c.html(deletePage(await find(c))))

pages.post('/notes/:id{[0-9]+}/delete', async (c) => {
  const note = await find(c)
  await notes.remove(await openNotebook(c), note.id)
  leaveNotice(c, `“${note.title}” is deleted.`)
  return c.redirect('/', 303)
})

async function find(c: Context<NotebookEnv>): Promise<Note> {
  const note = await notes.get(c.get('notebook') ?? '', Number(c.req.param('id')))
  if (note) return note
  throw new HTTPException(404)
}

async function formValues(c: Context): Promise<FormValues> {
  const { title, body, colour, isPinned } = await c.req.parseBody()
  return { title, body, colour, isPinned: isPinned === 'on' }
}
