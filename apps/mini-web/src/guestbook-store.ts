import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type SQLOutputValue, type StatementSync } from 'node:sqlite'
import type { Draft } from './entry.ts'
import { SEEDS } from './seeds.ts'

export interface Entry extends Draft {
  readonly id: number
  /** Milliseconds since 1970. */
  readonly writtenAt: number
}

/** The guest book in its file. Several processes may have it open at once. */
export class GuestbookStore {
  readonly #database: DatabaseSync
  readonly #select: StatementSync
  readonly #count: StatementSync
  readonly #insert: StatementSync

  /**
   * Makes the file where there is none.
   *
   * @throws Error when the file cannot be written, with what to do about it
   */
  constructor(path: string) {
    try {
      mkdirSync(dirname(path), { recursive: true })
      this.#database = new DatabaseSync(path, { timeout: 5000 })
      this.#database.function('folded', { deterministic: true }, (text) => folded(String(text)))
      prepare(this.#database)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      const remedy = 'set GUESTBOOK_DB to a file that this process may write'
      throw new Error(`the guest book cannot be kept in ${path} (${reason}); ${remedy}`, { cause: error })
    }
    const matching = `FROM entry WHERE instr(folded(name || char(10) || message), folded(?)) > 0`
    this.#select = this.#database.prepare(`SELECT * ${matching} ORDER BY id DESC LIMIT ? OFFSET ?`)
    this.#count = this.#database.prepare(`SELECT count(*) AS total ${matching}`)
    this.#insert = this.#database.prepare('INSERT INTO entry (name, message, written_at) VALUES (?, ?, ?)')
  }

  /** How many entries have `text` in them, by any case and accent. */
  count(text: string): number {
    return Number(this.#count.get(text)?.['total'])
  }

  /** The newest first. */
  find(text: string, limit: number, offset: number): Entry[] {
    return this.#select.all(text, limit, offset).map(entryOf)
  }

  /** Gives back the new entry's id. */
  add({ name, message }: Draft): number {
    return Number(this.#insert.run(name, message, Date.now()).lastInsertRowid)
  }

  close(): void {
    this.#database.close()
  }
}

/** Makes the table and its first entries, once, whichever process comes first. Fails where nothing can be written. */
function prepare(database: DatabaseSync): void {
  database.exec('BEGIN IMMEDIATE')
  if (database.prepare('PRAGMA user_version').get()?.['user_version'] === 0) {
    database.exec(
      'CREATE TABLE entry (id INTEGER PRIMARY KEY, name TEXT NOT NULL, message TEXT NOT NULL, written_at INTEGER NOT NULL) STRICT',
    )
    const insert = database.prepare('INSERT INTO entry (name, message, written_at) VALUES (?, ?, ?)')
    for (const { name, message, writtenAt } of SEEDS) insert.run(name, message, Date.parse(writtenAt))
    database.exec('PRAGMA user_version = 1')
  }
  database.exec('COMMIT')
}

const folded = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()

const entryOf = (row: Readonly<Record<string, SQLOutputValue>>): Entry => ({
  id: Number(row['id']),
  name: String(row['name']),
  message: String(row['message']),
  writtenAt: Number(row['written_at']),
})
