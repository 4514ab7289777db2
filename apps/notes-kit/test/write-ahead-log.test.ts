import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { switchToWriteAheadLog } from '../src/write-ahead-log.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tsgi-notes-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Another process that is about to write the file, and ends its transaction after so many milliseconds. */
async function writer(file: string, milliseconds: number): Promise<{ ended: Promise<unknown> }> {
  const program = `
    const { DatabaseSync } = require('node:sqlite')
    const database = new DatabaseSync(${JSON.stringify(file)})
    database.exec('CREATE TABLE t (x); BEGIN IMMEDIATE')
    console.log('has begun')
    setTimeout(() => database.exec('COMMIT'), ${milliseconds})`
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  await once(child.stdout, 'data')
  return { ended }
}

it('waits for another process that has the file', async () => {
  const file = join(folder, 'notes.db')
  const { ended } = await writer(file, 300)
  const database = new DatabaseSync(file, { timeout: 5000 })
  switchToWriteAheadLog(database, 5000)
  expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' })
  database.close()
  await ended
})

it('says what SQLite says when that takes too long', async () => {
  const file = join(folder, 'notes.db')
  const { ended } = await writer(file, 400)
  const database = new DatabaseSync(file, { timeout: 5000 })
  expect(() => switchToWriteAheadLog(database, 50)).toThrow('database is locked')
  database.close()
  await ended
})
