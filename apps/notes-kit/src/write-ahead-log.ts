import type { DatabaseSync } from 'node:sqlite'

/** Milliseconds between two tries. */
const PAUSE = 10
const SQLITE_BUSY = 5
const sleeper = new Int32Array(new SharedArrayBuffer(4))

/**
 * Lets readers and one writer have the file at once. The switch is the one thing that SQLite does not wait for by itself when
 * another process has the file, so that of workers that start together all but one would fail: it is waited for here.
 *
 * @param limit milliseconds
 * @throws what SQLite says, once the limit is over
 */
export function switchToWriteAheadLog(database: DatabaseSync, limit: number): void {
  const end = performance.now() + limit
  for (;;) {
    try {
      return database.exec('PRAGMA journal_mode = WAL')
    } catch (error) {
      const { errcode } = error as { errcode?: number }
      if (errcode === undefined || (errcode & 0xff) !== SQLITE_BUSY || performance.now() > end) throw error
      Atomics.wait(sleeper, 0, 0, PAUSE)
    }
  }
}
