import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { Database, Row } from './database.ts'
import { switchToWriteAheadLog } from './write-ahead-log.ts'

/** How long a process waits while another one has the file, in milliseconds. */
const TIMEOUT = 5000

/** Opens a file, which is made where there is none. Several processes may have it open at once. */
export function openSqlite(file: string | URL): Database {
  const database = new DatabaseSync(file, { timeout: TIMEOUT })
  const statements = new Map<string, StatementSync>()
  const prepare = (sql: string): StatementSync => {
    const prepared = statements.get(sql) ?? database.prepare(sql)
    statements.set(sql, prepared)
    return prepared
  }
  return {
    identity: 'INTEGER PRIMARY KEY AUTOINCREMENT',
    async query(sql, values = []) {
      const named = Object.fromEntries(values.map((value, at) => [`$${at + 1}`, value]))
      return prepare(sql).all(named) as Row[]
    },
    async exclusively(sql) {
      switchToWriteAheadLog(database, TIMEOUT)
      // What was committed survives a crash of the process, if not of the machine.
      database.exec('PRAGMA synchronous = NORMAL')
      database.exec(`BEGIN IMMEDIATE; ${sql}; COMMIT`)
    },
    async close() {
      database.close()
    },
  }
}
