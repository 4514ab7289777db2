import { html } from 'hono/html'
import type { Note } from 'notes-kit'
import { layout, when, type Markup } from './layout.ts'

export const detailPage = (note: Note, notice: string | undefined): Markup =>
  layout({
    title: note.title,
    notice,
    main: html`<article class="sheet note-${note.colour}">
<h1>${note.title}</h1>
<div class="meta">${note.isPinned ? html`<span class="pin">On top</span>` : ''}${when(note.updatedAt)}</div>
${note.body ? html`<div class="text">${note.body}</div>` : html`<p class="text blank">There is nothing more on this page.</p>`}
</article>
<p class="actions">
<a class="button" href="/notes/${note.id}/edit">Edit</a>
<a class="button quiet" href="/">All notes</a>
<a class="button quiet danger" href="/notes/${note.id}/delete">Delete</a>
</p>`,
  })
