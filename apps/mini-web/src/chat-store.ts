import { DatabaseSync, type StatementSync } from 'node:sqlite'

export interface Line {
  readonly id: number
  readonly name: string
  readonly message: string
}

/** How many lines are kept. */
const KEPT = 200

/** What was said in the chat, in the file of the guest book: so that every process of a server hears it, and those after it. */
export class ChatStore {
  readonly #database: DatabaseSync
  readonly #insert: StatementSync
  readonly #trim: StatementSync
  readonly #after: StatementSync
  readonly #last: StatementSync
  readonly #version: StatementSync
  #seen = -1

  constructor(path: string) {
    this.#database = new DatabaseSync(path, { timeout: 5000 })
    this.#database.exec(
      'CREATE TABLE IF NOT EXISTS chat (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, message TEXT NOT NULL) STRICT',
    )
    this.#insert = this.#database.prepare('INSERT INTO chat (name, message) VALUES (?, ?)')
    this.#trim = this.#database.prepare(`DELETE FROM chat WHERE id <= (SELECT max(id) FROM chat) - ${KEPT}`)
    this.#after = this.#database.prepare('SELECT id, name, message FROM chat WHERE id > ? ORDER BY id')
    this.#last = this.#database.prepare('SELECT coalesce(max(id), 0) AS id FROM chat')
    this.#version = this.#database.prepare('PRAGMA data_version')
  }

  add(name: string, message: string): void {
    this.#insert.run(name, message)
    this.#trim.run()
  }

  after(id: number): Line[] {
    return this.#after
      .all(id)
      .map((row) => ({ id: Number(row['id']), name: String(row['name']), message: String(row['message']) }))
  }

  get last(): number {
    return Number(this.#last.get()?.['id'])
  }

  /** Whether another process has written since this was asked last. */
  changed(): boolean {
    const seen = Number(this.#version.get()?.['data_version'])
    if (seen === this.#seen) return false
    this.#seen = seen
    return true
  }

  close(): void {
    this.#database.close()
  }
}
