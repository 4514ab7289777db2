export { BODY_LENGTH, COLOURS, TITLE_LENGTH, type Colour, type Note, type NoteDraft, type NotePage } from './note.ts'
export type { ListOptions, NoteStore } from './note-store.ts'
export { openNoteStore } from './open-note-store.ts'
export { pageNumbers } from './page-numbers.ts'
