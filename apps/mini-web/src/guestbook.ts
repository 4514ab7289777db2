import { html, redirect, type Context, type Html, type Reply } from '@tsgi/framework-mini'
import { refuseCrossSite } from './cross-site.ts'
import { complaintsAbout, draftOf, MAX_MESSAGE, MAX_NAME, type Complaints, type Draft } from './entry.ts'
import { GuestbookStore, type Entry } from './guestbook-store.ts'
import { sitePage } from './page.ts'

const PER_PAGE = 8
const ONE_YEAR = 365 * 24 * 60 * 60

export interface Guestbook {
  readonly open: () => void
  readonly close: () => void
  readonly read: (context: Context<unknown>) => Reply
  readonly sign: (context: Context<unknown>) => Promise<Reply>
}

/** The chapter of the guest book, kept in the SQLite file at `path`. */
export function guestbook(path: string): Guestbook {
  let opened: GuestbookStore | undefined
  const store = (): GuestbookStore => {
    if (opened === undefined) throw new Error('the guest book is not open: the application was not started')
    return opened
  }

  function show(context: Context<unknown>, draft: Draft, complaints: Complaints | null): Reply {
    const search = context.query.get('q')?.trim() ?? ''
    const total = store().count(search)
    const pages = Math.max(1, Math.ceil(total / PER_PAGE))
    const page = Math.min(pages, Math.max(1, Number.parseInt(context.query.get('page') ?? '1', 10) || 1))
    const entries = store().find(search, PER_PAGE, (page - 1) * PER_PAGE)
    return sitePage(
      context,
      { title: 'The guest book', chapter: '/guestbook', ...(complaints !== null && { status: 422 }) },
      html`
<p class="lede">Kept in a SQLite file, which outlives the server that writes it.</p>
${signForm(draft, complaints)}
<h2>${search === '' ? 'What others wrote' : html`Entries with “${search}”`}</h2>
${searchForm(search)}
${entries.length === 0 ? html`<p>Nobody has written that yet.</p>` : html`<ol class="entries">\n${entries.map(entryItem)}</ol>`}
${pages > 1 && paging(search, page, pages)}`,
    )
  }

  return {
    open: () => void (opened = new GuestbookStore(path)),
    close: () => opened?.close(),
    read: (context) => show(context, { name: context.cookies['name'] ?? '', message: '' }, null),
    async sign(context) {
      refuseCrossSite(context, 'The guest book is signed on its own page only.')
      const draft = draftOf(await context.form())
      const complaints = complaintsAbout(draft)
      if (complaints !== null) return show(context, draft, complaints)
      const id = store().add(draft)
      context.setCookie('name', draft.name, { path: '/guestbook', maxAge: ONE_YEAR })
      return redirect(`/guestbook#entry-${id}`)
    },
  }
}

function signForm({ name, message }: Draft, complaints: Complaints | null): Html {
  return html`<form method="post" action="/guestbook" id="sign" novalidate>
${complaints !== null && html`<div class="complaints" role="alert"><p>That is not in the book yet. Please look again.</p></div>`}
<div class="field">
<label for="name">Name</label>
<input id="name" name="name" value="${name}" maxlength="${MAX_NAME}" autocomplete="name" required${invalid('name', complaints)}>
${complaint('name', complaints)}
</div>
<div class="field">
<label for="message">Message <small>up to ${MAX_MESSAGE} characters</small></label>
<textarea id="message" name="message" rows="4" required${invalid('message', complaints)}>
${message}</textarea>
${complaint('message', complaints)}
</div>
<button>Sign the book</button>
</form>`
}

const invalid = (field: keyof Draft, complaints: Complaints | null): Html | null =>
  complaints?.[field] === undefined ? null : html` aria-invalid="true" aria-describedby="${field}-complaint"`

const complaint = (field: keyof Draft, complaints: Complaints | null): Html | null =>
  complaints?.[field] === undefined ? null : html`<p class="complaint" id="${field}-complaint">${complaints[field]}</p>`

const searchForm = (search: string): Html => html`<form action="/guestbook" role="search" class="inline">
<label class="unseen" for="q">Search</label>
<input id="q" name="q" type="search" value="${search}" placeholder="Search the book">
<button>Search</button>
</form>`

const entryItem = ({ id, name, message, writtenAt }: Entry): Html => html`<li class="entry" id="entry-${id}" dir="auto">
<header><h3>${name}</h3><small dir="ltr"><time datetime="${new Date(writtenAt).toISOString()}">${days.format(writtenAt)}</time></small></header>
<p dir="auto">${message}</p>
</li>
`

const days = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' })

function paging(search: string, page: number, pages: number): Html {
  const link = (to: number, name: string): Html => {
    const query = new URLSearchParams({ ...(search !== '' && { q: search }), page: String(to) })
    return html`<a href="/guestbook?${query.toString()}">${name}</a>`
  }
  return html`<nav class="paging" aria-label="Pages of the book">
<span>${page > 1 && link(page - 1, '← Newer')}</span>
<small>Page ${page} of ${pages}</small>
<span>${page < pages && link(page + 1, 'Older →')}</span>
</nav>`
}
