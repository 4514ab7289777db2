import { html } from 'hono/html'
import { layout, type Markup } from './layout.ts'

const WORDS: Readonly<Record<number, readonly [title: string, text: string]>> = {
  403: [
    'This form could not be checked',
    'It seems to come from another site. Go back, reload the page and send it again.',
  ],
  404: ['There is no such page', 'The note may have been deleted, or it belongs to a notebook of another browser.'],
  500: ['Something broke here', 'It is not your fault, and it has been noted. Try again in a moment.'],
}

export function errorPage(status: number): Markup {
  const [title, text] = WORDS[status] ?? ['This did not work', '']
  return layout({
    title,
    main: html`<div class="empty">
<p class="status">${status}</p>
<h1>${title}</h1>
<p>${text}</p>
<p><a class="button" href="/">Your notes</a></p>
</div>`,
  })
}
