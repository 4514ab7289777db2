import { html } from 'hono/html'
import { BODY_LENGTH, COLOURS, TITLE_LENGTH, type Note, type NoteDraft } from 'notes-kit'
import type { NoteErrors } from '../note-input.ts'
import { layout, type Markup } from './layout.ts'

/** What the inputs show: text as it was typed, right or not. */
export type FormValues = Partial<Record<keyof NoteDraft, unknown>>

interface Form {
  readonly values: FormValues
  readonly errors?: NoteErrors
  /** The note that is edited. */
  readonly note?: Note
}

export function formPage({ values, errors = {}, note }: Form): Markup {
  const heading = note ? 'Edit note' : 'New note'
  const problem = html`<p class="notice problem" role="alert">Not saved yet: something needs another look.</p>`
  return layout({
    title: heading,
    main: html`<h1 class="editor-heading">${heading}</h1>
<form class="editor" method="post">
${Object.keys(errors).length > 0 ? problem : ''}
<p class="field field-text"><label for="title">Title</label>
<input id="title" name="title" value="${shown(values.title)}" required maxlength="${TITLE_LENGTH}" autocomplete="off"${marks('title', errors.title)}>
${message('title', errors.title)}</p>
<p class="field field-textarea"><label for="body">Note</label>
<textarea id="body" name="body" rows="12" maxlength="${BODY_LENGTH}"${marks('body', errors.body)}>
${shown(values.body)}</textarea>
${message('body', errors.body)}</p>
<fieldset class="colours"><legend>Colour</legend>
${Object.entries(COLOURS).map(
  ([value, label]) =>
    html`<label class="note-${value}"><input type="radio" name="colour" value="${value}"${values.colour === value ? html` checked` : ''}><span>${label}</span></label>`,
)}
${message('colour', errors.colour)}</fieldset>
<p class="field field-checkbox"><label for="isPinned">Keep on top</label>
<input type="checkbox" id="isPinned" name="isPinned"${values.isPinned === true ? html` checked` : ''}></p>
<p class="actions">
<button class="button">Save</button>
<a class="button quiet" href="${note ? `/notes/${note.id}` : '/'}">Cancel</a>
</p>
</form>`,
  })
}

const shown = (value: unknown): string => (typeof value === 'string' ? value : '')

const marks = (name: string, error: string | undefined): Markup | '' =>
  error ? html` aria-invalid="true" aria-describedby="${name}_error"` : ''

const message = (name: string, error: string | undefined): Markup | '' =>
  error ? html`<span class="error" id="${name}_error">${error}</span>` : ''
