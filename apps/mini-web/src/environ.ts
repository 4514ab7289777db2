import { html, type Context, type Html, type Reply } from '@tsgi/framework-mini'
import { sitePage } from './page.ts'

export function environPage(context: Context): Reply {
  // The rest are live objects: the body to be read, the log, the services of the server.
  const { headers, input: _input, errors: _errors, server, ...data } = context.environ
  const fields = Array.from({ length: headers.length / 2 }, (_, n) => [headers[2 * n], headers[2 * n + 1]] as const)
  return sitePage(
    context,
    { title: 'The environ', chapter: '/environ' },
    html`
<p class="lede">The first argument of the function: what an application is told about a request, whichever server
tells it.</p>
${table('The request', Object.entries({ ...data, 'server.name': server.name }))}
<p class="remark">Names are lower-case, and a name may come twice: a header list is flat, <code>[name, value, name,
value]</code>, so that nothing is lost or joined.</p>
${table('Its header fields', fields)}
<p>Add a query, such as <a href="/environ?colour=red&amp;colour=blue"><code>?colour=red&amp;colour=blue</code></a>, and
look again: the environ has it as it was sent.</p>`,
  )
}

const table = (caption: string, rows: readonly (readonly [name: unknown, value: unknown])[]): Html => html`<table>
<caption>${caption}</caption>
${rows.map(([name, value]) => html`<tr><th scope="row"><code>${String(name)}</code></th><td>${shown(value)}</td></tr>\n`)}</table>`

const shown = (value: unknown): Html =>
  value === ''
    ? html`<small>empty</small>`
    : html`<code>${typeof value === 'string' ? value : JSON.stringify(value)}</code>`
