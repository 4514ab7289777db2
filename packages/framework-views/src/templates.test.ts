import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { Client } from '../test/client.ts'
import { escapeHtml } from './html.ts'
import { application, CsrfMiddleware, html, path, render, type Settings } from './index.ts'

const folder = new URL('../test/templates/', import.meta.url)
const site = (settings: Partial<Settings>): Client =>
  new Client(application({ urlpatterns: [], development: false, ...settings }))

describe('a template', () => {
  const urlpatterns = [
    path(
      '',
      (request) => render(request, 'page', { title: '<b>&"', safe: html`<em>${'<'}</em>` }, { status: 201 }),
      'page',
    ),
    path('broken/', (request) => render(request, 'broken')),
  ]
  const templates = { folder, context: () => ({ visitor: "O'Neil" }) }
  const settings = { urlpatterns, templates, middleware: [new CsrfMiddleware()], staticUrl: '/assets/' }

  it('escapes everything but markup that is marked as safe, in layouts and partials too', async () => {
    const { status, text } = await site(settings).get('/')
    expect(status).toBe(201)
    expect(text).toContain('<title>Page &lt;b&gt;&amp;&quot;</title>')
    expect(text).toContain(
      '<a href="/?q=%3Cb%3E%26%22">&lt;b&gt;&amp;&quot;</a> <em>&lt;</em> <i>&lt;b&gt;&amp;&quot;</i>',
    )
    expect(text).not.toContain('<b>')
  })

  it('has url, staticUrl, csrfField, request and the settings’ own values', async () => {
    const { text } = await site(settings).get('/', { environ: { scriptName: '/app' } })
    expect(text).toContain('href="/app/?q=')
    expect(text).toContain(
      '<link href="/assets/app.css"> by O&#39;Neil at /app/ <input type="hidden" name="csrf_token"',
    )
  })

  it('that fails is shown with its lines in development', async () => {
    const { status, text } = await site({ ...settings, development: true }).get('/broken/')
    expect(status).toBe(500)
    expect(text).toContain('broken.eta:2')
    expect(text).toContain('&gt;&gt; 2| &lt;%= it.missing.name %&gt;')
  })

  it('is read anew in development, and once in production', async () => {
    const temporary = mkdtempSync(join(tmpdir(), 'views-'))
    onTestFinished(() => rmSync(temporary, { recursive: true }))
    const write = (text: string): void => writeFileSync(join(temporary, 'a.eta'), text)
    const shown = [path('', (request) => render(request, 'a'))]
    for (const development of [true, false]) {
      write('before')
      const client = site({ urlpatterns: shown, templates: { folder: temporary }, development })
      await client.get('/')
      write('after')
      expect((await client.get('/')).text).toBe(development ? 'after' : 'before')
    }
  })

  it('stays in its folder', async () => {
    const outside = [path('', (request) => render(request, '../client.ts'))]
    const client = site({ urlpatterns: outside, templates })
    expect((await client.get('/')).status).toBe(500)
    expect(client.log.join('')).toContain('not in the views directory')
  })

  it('is missed with a word about the settings', async () => {
    const client = site({ urlpatterns })
    await client.get('/')
    expect(client.log.join('')).toContain('there are no templates in settings')
  })
})

describe('html', () => {
  it('escapes values, joins arrays, drops what is nothing, and keeps markup', () => {
    const items = ['a', '<', html`<b>`]
    expect(html`<p title="${`"'`}">${items}${null}${undefined}${false}${0}</p>`.markup).toBe(
      '<p title="&quot;&#39;">a&lt;<b>0</p>',
    )
    expect(escapeHtml('plain')).toBe('plain')
  })
})
