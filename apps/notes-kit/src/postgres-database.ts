import { Pool } from 'pg'
import type { Database, Row } from './database.ts'

/** Any number that no other program uses for its locks. */
const SCHEMA_LOCK = 0x6e6f7465

/** @param url `postgres://user:password@host/database`; a unix socket as `postgres://user@/database?host=/folder` */
export function openPostgres(url: string): Database {
  // A few connections for each process; idle ones do not keep a process from ending.
  const pool = new Pool({ connectionString: url, max: 4, allowExitOnIdle: true, connectionTimeoutMillis: 5000 })
  // A connection that breaks while idle is replaced when the next one is needed.
  pool.on('error', () => {})
  return {
    identity: 'INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY',
    async query(sql, values = []) {
      const { rows } = await pool.query<Row>(sql, [...values])
      return rows
    },
    async exclusively(sql) {
      // "IF NOT EXISTS" alone fails when two processes begin at the same moment.
      await pool.query(`BEGIN; SELECT pg_advisory_xact_lock(${SCHEMA_LOCK}); ${sql}; COMMIT`)
    },
    async close() {
      await pool.end()
    },
  }
}
