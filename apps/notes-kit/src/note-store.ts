import { randomBytes } from 'node:crypto'
import type { Database, Row, Value } from './database.ts'
import type { Colour, Note, NoteDraft, NotePage } from './note.ts'
import { searchPatterns, searchText } from './search.ts'

export interface ListOptions {
  readonly search?: string
  readonly page?: number
  readonly size?: number
}

/** Notes of many notebooks. Whoever knows the name of a notebook may read and write it. */
export interface NoteStore {
  /** Pinned ones first, then the latest. */
  list(notebook: string, options?: ListOptions): Promise<NotePage>
  get(notebook: string, id: number): Promise<Note | undefined>
  add(notebook: string, draft: NoteDraft): Promise<Note>
  /** `undefined` when the notebook has no such note. */
  update(notebook: string, id: number, draft: NoteDraft): Promise<Note | undefined>
  remove(notebook: string, id: number): Promise<boolean>
  /** Random text that all processes on this database share, to sign cookies with. */
  secret(): Promise<string>
  close(): Promise<void>
}

export async function createNoteStore(database: Database): Promise<NoteStore> {
  await database.exclusively(`
    CREATE TABLE IF NOT EXISTS notes (
      id ${database.identity},
      notebook TEXT NOT NULL,
      title TEXT NOT NULL,
      body TEXT NOT NULL,
      colour TEXT NOT NULL,
      pinned SMALLINT NOT NULL,
      search TEXT NOT NULL,
      created_at TIMESTAMPTZ NOT NULL,
      updated_at TIMESTAMPTZ NOT NULL
    );
    CREATE INDEX IF NOT EXISTS notes_in_order ON notes (notebook, pinned, updated_at);
    CREATE TABLE IF NOT EXISTS secrets (purpose TEXT PRIMARY KEY, secret TEXT NOT NULL)`)

  return {
    async list(notebook, { search = '', page = 1, size = 12 } = {}) {
      const patterns = searchPatterns(search)
      const where = ['notebook = $1', ...patterns.map((_, at) => String.raw`search LIKE $${at + 2} ESCAPE '\'`)].join(
        ' AND ',
      )
      const values: Value[] = [notebook, ...patterns]
      const [counted] = await database.query(`SELECT COUNT(*) AS total FROM notes WHERE ${where}`, values)
      const total = Number(counted?.['total'])
      const pages = Math.max(1, Math.ceil(total / size))
      const shown = Math.min(Math.max(1, Math.trunc(page) || 1), pages)
      const rows = await database.query(
        `SELECT * FROM notes WHERE ${where} ORDER BY pinned DESC, updated_at DESC, id DESC
         LIMIT ${size} OFFSET ${(shown - 1) * size}`,
        values,
      )
      return { notes: rows.map(toNote), page: shown, pages, total }
    },

    async get(notebook, id) {
      if (!canBeId(id)) return undefined
      return first(await database.query('SELECT * FROM notes WHERE notebook = $1 AND id = $2', [notebook, id]))
    },

    async add(notebook, draft) {
      const rows = await database.query(
        `INSERT INTO notes (notebook, title, body, colour, pinned, search, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7) RETURNING *`,
        [notebook, ...columns(draft)],
      )
      return first(rows) as Note
    },

    async update(notebook, id, draft) {
      if (!canBeId(id)) return undefined
      const rows = await database.query(
        `UPDATE notes SET title = $2, body = $3, colour = $4, pinned = $5, search = $6, updated_at = $7
         WHERE notebook = $1 AND id = $8 RETURNING *`,
        [notebook, ...columns(draft), id],
      )
      return first(rows)
    },

    async remove(notebook, id) {
      if (!canBeId(id)) return false
      const rows = await database.query('DELETE FROM notes WHERE notebook = $1 AND id = $2 RETURNING id', [
        notebook,
        id,
      ])
      return rows.length > 0
    },

    async secret() {
      const made = randomBytes(32).toString('base64url')
      await database.query(`INSERT INTO secrets (purpose, secret) VALUES ('cookies', $1) ON CONFLICT DO NOTHING`, [
        made,
      ])
      const [row] = await database.query(`SELECT secret FROM secrets WHERE purpose = 'cookies'`)
      return String(row?.['secret'])
    },

    close: () => database.close(),
  }
}

const columns = ({ title, body, colour, isPinned }: NoteDraft): Value[] => [
  title,
  body,
  colour,
  isPinned ? 1 : 0,
  searchText(title, body),
  new Date().toISOString(),
]

/** PostgreSQL answers a number that its column cannot hold with an error. */
const canBeId = (id: number): boolean => Number.isInteger(id) && id > 0 && id <= 0x7fff_ffff

const first = (rows: readonly Row[]): Note | undefined => (rows[0] === undefined ? undefined : toNote(rows[0]))

const toNote = (row: Row): Note => ({
  id: Number(row['id']),
  title: String(row['title']),
  body: String(row['body']),
  colour: row['colour'] as Colour,
  isPinned: row['pinned'] === 1,
  // PostgreSQL gives a Date, SQLite the text that was written.
  createdAt: new Date(row['created_at'] as string | Date),
  updatedAt: new Date(row['updated_at'] as string | Date),
})
