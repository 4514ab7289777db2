import { openNoteStore } from 'notes-kit'

/** Where the notes are: DATABASE_URL, NOTES_FILE, or `notes.sqlite` beside this file. */
export const notes = await openNoteStore(new URL('notes.sqlite', import.meta.url))
