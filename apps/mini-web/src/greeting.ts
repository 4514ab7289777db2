import { html, redirect, type Context, type Html, type Reply } from '@tsgi/framework-mini'
import { sitePage } from './page.ts'

/** The form asks with `?name=`; the greeting has an address of its own. */
export function greetingForm(context: Context): Reply {
  const name = context.query.get('name')?.trim() ?? ''
  if (name !== '') return redirect(`/hello/${encodeURIComponent(name)}`)
  return sitePage(
    context,
    { title: 'A greeting', chapter: '/hello' },
    html`
<p class="lede">Part of the path becomes part of the page.</p>
${form()}`,
  )
}

export function greeting(context: Context<{ readonly name: string }>): Reply {
  const { params, environ } = context
  return sitePage(
    context,
    { title: `Hello, ${params.name}!`, chapter: '/hello' },
    html`
<p class="lede">The route is <code>/hello/:name</code>, and the compiler knows that there is a <code>name</code>.</p>
<table>
<caption>On its way to the page</caption>
<tr><th scope="row">as you sent it</th><td><code>${environ.pathInfo}</code></td></tr>
<tr><th scope="row">decoded, once</th><td><code>${params.name}</code></td></tr>
</table>
<p class="remark">Try a name with a slash in it, or with markup. A segment is decoded after the path was divided, and a
value is escaped when it enters the page.</p>
<h2>Greet someone else</h2>
${form()}`,
  )
}

const form = (): Html => html`<form action="/hello" class="inline">
<label class="unseen" for="name">Name</label>
<input id="name" name="name" required maxlength="60" placeholder="Zoë, 山田, or anyone" autocomplete="given-name">
<button>Greet</button>
</form>`
