import { createNoteStore, type NoteStore } from './note-store.ts'
import { openPostgres } from './postgres-database.ts'
import { openSqlite } from './sqlite-database.ts'

/** PostgreSQL where the environment has DATABASE_URL, else the SQLite file that NOTES_FILE or the caller names. */
export function openNoteStore(file: string | URL, environment: NodeJS.ProcessEnv = process.env): Promise<NoteStore> {
  const url = environment['DATABASE_URL']
  return createNoteStore(url ? openPostgres(url) : openSqlite(environment['NOTES_FILE'] ?? file))
}
