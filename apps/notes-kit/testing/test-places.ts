import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from './postgres.ts'

/** A place for the notes of one test file. */
export interface TestPlace {
  readonly name: string
  /** What a site needs in its environment to keep its notes there. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Why it cannot be used here. */
  readonly missing: string | undefined
  stop(): Promise<void>
}

/** SQLite in a folder that is removed again, and PostgreSQL where there is one; or SQLite alone, which takes no server. */
export async function testPlaces(only?: readonly ['SQLite']): Promise<readonly TestPlace[]> {
  const folder = mkdtempSync(join(tmpdir(), 'notes-'))
  const sqlite: TestPlace = {
    name: 'SQLite',
    environment: { DATABASE_URL: undefined, NOTES_FILE: join(folder, 'notes.sqlite') },
    missing: undefined,
    stop: async () => rmSync(folder, { recursive: true }),
  }
  if (only !== undefined) return [sqlite]
  const postgres = await startPostgres()
  return [
    sqlite,
    {
      name: 'PostgreSQL',
      environment: { DATABASE_URL: postgres?.url },
      missing: postgres === undefined ? 'no PostgreSQL: set DATABASE_URL, or install it' : undefined,
      stop: async () => postgres?.stop(),
    },
  ]
}
