import { html } from 'hono/html'
import type { Note } from 'notes-kit'
import { layout, type Markup } from './layout.ts'

export const deletePage = (note: Note): Markup =>
  layout({
    title: `Delete ${note.title}`,
    main: html`<form class="question" method="post">
<h1>Delete “${note.title}”?</h1>
<p>It cannot be brought back.</p>
<p class="actions">
<button class="button danger">Delete note</button>
<a class="button quiet" href="/notes/${note.id}">Keep it</a>
</p>
</form>`,
  })
