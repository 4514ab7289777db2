import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { openNoteStore, type NoteDraft, type NoteStore } from '../src/index.ts'
import { startPostgres, type TestDatabase } from '../testing/postgres.ts'

const postgres: TestDatabase | undefined = await startPostgres()
afterAll(() => postgres?.stop())

const draft = (change: Partial<NoteDraft> = {}): NoteDraft => ({
  title: 'Tea',
  body: '',
  colour: 'plain',
  isPinned: false,
  ...change,
})
const titles = (notes: readonly NoteDraft[]): string[] => notes.map(({ title }) => title)

describe.each([
  ['SQLite', true, () => openNoteStore(':memory:', {})],
  ['PostgreSQL', postgres !== undefined, () => openNoteStore('', { DATABASE_URL: postgres?.url })],
] as const)('notes in %s', (name, isThere, open) => {
  let store: NoteStore
  let counter = 0
  const notebook = (): string => `${name}-${counter++}`

  beforeAll(async () => {
    if (isThere) store = await open()
  })
  afterAll(() => store?.close())
  const check = (sentence: string, run: () => Promise<void>): void =>
    it(sentence, async ({ skip }) => {
      skip(!isThere, `no ${name}: set DATABASE_URL, or install it`)
      await run()
    })

  check('are added, read, changed and removed', async () => {
    const book = notebook()
    const before = Date.now()
    const added = await store.add(
      book,
      draft({ title: 'Tëa \u{1F375}', body: 'it\'s <b>\n"x"', colour: 'rose', isPinned: true }),
    )
    expect(added).toEqual({
      id: expect.any(Number),
      title: 'Tëa \u{1F375}',
      body: 'it\'s <b>\n"x"',
      colour: 'rose',
      isPinned: true,
      createdAt: expect.any(Date),
      updatedAt: added.createdAt,
    })
    expect(added.createdAt.getTime()).toBeGreaterThanOrEqual(before)
    expect(await store.get(book, added.id)).toEqual(added)
    const changed = await store.update(book, added.id, draft({ title: 'Coffee' }))
    expect(changed).toMatchObject({
      id: added.id,
      title: 'Coffee',
      body: '',
      colour: 'plain',
      isPinned: false,
      createdAt: added.createdAt,
    })
    expect(await store.remove(book, added.id)).toBe(true)
    expect(await store.remove(book, added.id)).toBe(false)
    expect(await store.get(book, added.id)).toBeUndefined()
  })

  check('belong to their notebook alone', async () => {
    const [mine, theirs] = [notebook(), notebook()]
    const { id } = await store.add(mine, draft())
    expect(await store.get(theirs, id)).toBeUndefined()
    expect(await store.update(theirs, id, draft({ title: 'taken' }))).toBeUndefined()
    expect(await store.remove(theirs, id)).toBe(false)
    expect((await store.list(theirs)).total).toBe(0)
    expect((await store.get(mine, id))?.title).toBe('Tea')
  })

  check('are simply not there under an impossible number', async () => {
    for (const id of [0, -1, 1.5, 2 ** 31, 2 ** 53, NaN, Infinity]) {
      expect(await store.get('any', id)).toBeUndefined()
      expect(await store.update('any', id, draft())).toBeUndefined()
      expect(await store.remove('any', id)).toBe(false)
    }
  })

  check('come pinned ones first, then the latest', async () => {
    vi.useFakeTimers({ now: 0, toFake: ['Date'] })
    onTestFinished(() => void vi.useRealTimers())
    const book = notebook()
    const first = await store.add(book, draft({ title: 'first' }))
    await store.add(book, draft({ title: 'pinned', isPinned: true }))
    await store.add(book, draft({ title: 'third' }))
    expect(titles((await store.list(book)).notes)).toEqual(['pinned', 'third', 'first'])
    vi.setSystemTime(1)
    await store.update(book, first.id, draft({ title: 'first again' }))
    expect(titles((await store.list(book)).notes)).toEqual(['pinned', 'first again', 'third'])
  })

  check('come in pages, and a page beyond the last is the last', async () => {
    const book = notebook()
    for (let i = 1; i <= 5; i++) await store.add(book, draft({ title: `${i}` }))
    const page = async (number: number) => {
      const { notes, ...rest } = await store.list(book, { page: number, size: 2 })
      return { ...rest, titles: titles(notes) }
    }
    expect(await page(1)).toEqual({ page: 1, pages: 3, total: 5, titles: ['5', '4'] })
    expect(await page(3)).toEqual({ page: 3, pages: 3, total: 5, titles: ['1'] })
    for (const odd of [4, 1e9, Infinity]) expect((await page(odd)).page).toBe(3)
    for (const odd of [0, -1, NaN, 1.9, -Infinity]) expect((await page(odd)).page).toBe(1)
    expect(await store.list(notebook())).toEqual({ notes: [], page: 1, pages: 1, total: 0 })
  })

  check('are found by all the words of a search, in title or body, whatever the case', async () => {
    const book = notebook()
    await store.add(book, draft({ title: 'Grüner TEE', body: 'from the corner shop' }))
    await store.add(book, draft({ title: 'Shopping', body: '100% \\ back_slash' }))
    const find = async (search: string): Promise<string[]> => titles((await store.list(book, { search })).notes)
    expect(await find('GRÜNER')).toEqual(['Grüner TEE'])
    expect(await find('gruner')).toEqual([])
    expect(await find('gru\u0308ner shop')).toEqual(['Grüner TEE'])
    expect(await find('shop')).toEqual(['Shopping', 'Grüner TEE'])
    expect(await find('tee nothing')).toEqual([])
    for (const literal of ['0%', '\\', 'k_s', "' OR 1=1 --"])
      expect(await find(literal)).toHaveLength(literal.includes("'") ? 0 : 1)
    for (const wild of ['%%', 'g_üner', '%tee%']) expect(await find(wild)).toEqual([])
    expect(await find(' \0 ')).toHaveLength(2)
  })

  check('share one secret among all who open the database', async () => {
    const secret = await store.secret()
    expect(secret).toMatch(/^[\w-]{43}$/)
    expect(await store.secret()).toBe(secret)
  })
})

it.skipIf(!postgres)('is opened by many processes at once without a quarrel over its tables', async () => {
  const stores = await Promise.all(Array.from({ length: 6 }, () => openNoteStore('', { DATABASE_URL: postgres?.url })))
  const secrets = await Promise.all(stores.map((store) => store.secret()))
  expect(new Set(secrets).size).toBe(1)
  await Promise.all(stores.map((store) => store.close()))
})

it('a search of thousands of words is as good as its first 200 characters', async () => {
  const store = await openNoteStore(':memory:', {})
  onTestFinished(() => store.close())
  await store.add('many', draft({ title: 'a tea' }))
  const { notes } = await store.list('many', { search: `${'a '.repeat(2000)}coffee` })
  expect(titles(notes)).toEqual(['a tea'])
})
