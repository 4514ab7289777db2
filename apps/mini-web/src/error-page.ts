import { FormError, html, HttpError, type Context, type Reply } from '@tsgi/framework-mini'
import { sitePage } from './page.ts'

const TITLES: Readonly<Record<number, string>> = {
  400: 'That made no sense',
  404: 'No such page',
  405: 'Not in this way',
  413: 'That is too much',
  415: 'Not of this kind',
}

/** A page for what the visitor can mend; the rest is the server's to log and answer. */
export function errorPage(error: unknown, context: Context): Reply {
  if (!(error instanceof HttpError || error instanceof FormError)) throw error
  const title = TITLES[error.status] ?? 'Something went wrong'
  const explanation =
    error.status === 404
      ? html`Nothing is kept at <code>${context.environ.scriptName}${context.environ.pathInfo}</code>.`
      : html`${error.message}`
  return sitePage(
    context,
    { title, chapter: null },
    html`
<p class="lede">${explanation}</p>
<p><a href="/">Back to the first page</a></p>`,
  )
}
