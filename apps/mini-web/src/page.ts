import { html, page, type Context, type Html, type Reply } from '@tsgi/framework-mini'
import { servedBy } from './served-by.ts'

/** As in html/index.html. */
const CONTENTS = [
  ['/time', 'Time'],
  ['/environ', 'Environ'],
  ['/hello', 'Greeting'],
  ['/guestbook', 'Guest book'],
  ['/motion', 'Motion'],
  ['/chat', 'Chat'],
  ['/download', 'Download'],
  ['/grid', 'Grid'],
] as const

export type Chapter = (typeof CONTENTS)[number][0]

export interface PageOptions {
  readonly title: string
  /** Of the contents; `null` for what stands in none. */
  readonly chapter: Chapter | null
  readonly status?: number
}

/** A page of the site, for any context. */
export function sitePage(context: Context<unknown>, options: PageOptions, content: Html): Reply {
  const { before, after } = frame(context, options)
  return page(html`${before}${content}${after}`, { status: options.status })
}

/** What stands before and after the text of a page, for one that is sent in pieces. */
export function frame({ environ }: Context<unknown>, { title, chapter }: PageOptions): { before: Html; after: Html } {
  const number = CONTENTS.findIndex(([path]) => path === chapter) + 1
  const items = CONTENTS.map(
    ([path, name]) => html`<li><a href="${path}"${path === chapter && CURRENT}>${name}</a></li>\n`,
  )
  const before = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · mini-web</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/style.css">
<script src="/site.js" defer></script>
</head>
<body>
<a class="skip" href="#main">Skip to the text</a>
<nav class="contents" aria-label="Contents">
<a class="wordmark" href="/">mini<span>·</span>web</a>
<ol>
${items}</ol>
</nav>
<main id="main">
<h1>${number > 0 && html`<span class="chapter">Chapter ${number}</span> `}${title}</h1>
`
  const after = html`
</main>
<footer class="colophon">
<p>${servedBy(environ)}${process.env['NODE_ENV'] === 'development' && LAB}</p>
<p>TSGI, the TypeScript Server Gateway Interface</p>
</footer>
</body>
</html>
`
  return { before, after }
}

/** Where a process can be broken on purpose; there in development only. */
const LAB = html` <a href="/lab">Break it.</a>`

const CURRENT = html` aria-current="page"`
