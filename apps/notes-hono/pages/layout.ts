import { html } from 'hono/html'

export type Markup = ReturnType<typeof html>

export interface Layout {
  readonly title?: string
  readonly search?: string
  readonly notice?: string | undefined
  readonly main: Markup
}

export const layout = ({ title, search = '', notice, main }: Layout): Markup => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="theme-color" content="#f7f3ea" media="(prefers-color-scheme: light)">
<meta name="theme-color" content="#171512" media="(prefers-color-scheme: dark)">
<title>${title ? `${title} · ` : ''}Notebook</title>
<link rel="stylesheet" href="/static/notes.css">
<link rel="icon" href="/static/icon.svg" type="image/svg+xml">
</head>
<body>
<a class="skip" href="#main">To the content</a>
<header class="bar">
<a class="brand" href="/"><img src="/static/icon.svg" alt="" width="28" height="28">Notebook</a>
<form class="search" role="search" action="/">
<input type="search" name="q" value="${search}" placeholder="Search your notes" aria-label="Search" maxlength="200">
</form>
<a class="button" href="/notes/new">New note</a>
</header>
<main id="main">
${notice ? html`<p class="notice" role="status">${notice}</p>` : ''}
${main}
</main>
<footer class="foot"><p>No account: your notes belong to this browser. Programs find them at <a href="/api/notes">/api/notes</a>.</p></footer>
</body>
</html>`

export const when = (date: Date): Markup =>
  html`<time datetime="${date.toISOString()}">${date.toLocaleDateString('en', { day: 'numeric', month: 'long', year: 'numeric' })}</time>`

export const count = (notes: number): string => (notes === 1 ? '1 note' : `${notes} notes`)
