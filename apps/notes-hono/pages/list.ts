import { html } from 'hono/html'
import { pageNumbers, type Note, type NotePage } from 'notes-kit'
import { count, layout, when, type Markup } from './layout.ts'

interface List extends NotePage {
  readonly search: string
  readonly notice: string | undefined
}

export const listPage = (list: List): Markup =>
  layout({
    ...list,
    title: list.search,
    main: html`${heading(list)}${list.notes.length > 0 ? html`<ul class="notes">${list.notes.map(card)}</ul>` : nothing(list)}${pager(list)}`,
  })

function heading({ search, total }: List): Markup | '' {
  if (search) return html`<div class="heading"><h1>${count(total)} with “${search}”</h1><a href="/">Show all</a></div>`
  return total > 0 ? html`<div class="heading"><h1>Your notes</h1><span class="count">${count(total)}</span></div>` : ''
}

const card = (note: Note): Markup => html`<li class="note note-${note.colour}">
<h2><a href="/notes/${note.id}">${note.title}</a></h2>
${note.body ? html`<p>${note.body.slice(0, 280)}</p>` : ''}
<div class="meta">${note.isPinned ? html`<span class="pin">On top</span>` : ''}${when(note.updatedAt)}</div>
</li>`

const nothing = ({ search }: List): Markup =>
  search
    ? html`<div class="empty"><p>Every word has to be in the note; try fewer, or a part of one.</p></div>`
    : html`<div class="empty">
<h1>A clean page</h1>
<p>Write something down: a plan, a recipe, a line you liked. Your notes are kept for this browser, without an account.</p>
<p><a class="button" href="/notes/new">Write the first note</a></p>
</div>`

function pager({ search, page, pages }: List): Markup | '' {
  if (pages === 1) return ''
  const address = (number: number): string =>
    `/?${new URLSearchParams({ ...(search && { q: search }), page: String(number) })}`
  return html`<nav class="pages" aria-label="Pages">
${page > 1 ? html`<a rel="prev" href="${address(page - 1)}">Newer</a>` : ''}
<ol>${pageNumbers(page, pages).map((number) =>
    number === null
      ? html`<li><span>…</span></li>`
      : html`<li><a href="${address(number)}"${number === page ? html` aria-current="page"` : ''}>${number}</a></li>`,
  )}</ol>
${page < pages ? html`<a rel="next" href="${address(page + 1)}">Older</a>` : ''}
</nav>`
}
