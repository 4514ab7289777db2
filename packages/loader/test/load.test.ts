import { once } from 'node:events'
import type http from 'node:http'
import type net from 'node:net'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { importModule, load } from '../src/index.ts'
import { Site } from './probe.ts'
import { refusal } from './refusal.ts'

const APP = '(environ, startResponse) => { startResponse(200, []); return "hello" }'

describe('an application is found', () => {
  it.each([
    ['as the default export', `export default ${APP}`, 'app.ts', 'default'],
    ['under the name that was asked for', `export default 1; export const site = ${APP}`, 'app.ts:site', 'site'],
  ])('%s', (_name, source, reference, name) => {
    using site = new Site({ 'app.ts': source })
    expect(site.load(reference)).toMatchObject({ kind: 'tsgi', what: 'a TSGI function', export: name, body: 'hello' })
  })

  it('in an installed package, as an import from the working folder would find it', () => {
    using site = new Site({
      'node_modules/my-site/package.json': '{"name":"my-site","type":"module","exports":{"import":"./main.js"}}',
      'node_modules/my-site/main.js': `export default ${APP}`,
    })
    expect(site.load('my-site')).toMatchObject({ body: 'hello' })
  })

  it('through a factory, which may be asynchronous', () => {
    using site = new Site({ 'app.ts': `export const make = async () => ${APP}` })
    const module = `${site.folder}/app.ts`
    expect(site.load({ app: { module, export: 'make', factory: true } })).toMatchObject({ body: 'hello' })
  })

  it('with types, which Node leaves out', () => {
    using site = new Site({
      'app.ts': `export default (environ: { pathInfo: string }, startResponse: Function): string => environ.pathInfo`,
    })
    expect(site.load('app.ts')).toMatchObject({ body: '/' })
  })

  it('in .tsx and with enums, with the help of --import tsx', () => {
    const tsx = fileURLToPath(import.meta.resolve('tsx'))
    using site = new Site({
      'app.tsx': `enum Word { Hello = 'hello' }\nexport default (environ: object, startResponse: Function) => Word.Hello`,
    })
    expect(site.load({ imports: [tsx], app: { module: `${site.folder}/app.tsx` } })).toMatchObject({ body: 'hello' })
  })
})

describe('a module without one of the usual exports', () => {
  it('is served by its export fetch, as a fetch module', () => {
    using site = new Site({
      'app.ts': 'export const fetch = (request) => new Response("hello")\nexport const port = 1',
    })
    expect(site.load('app.ts')).toMatchObject({ kind: 'fetch', what: 'a module that exports fetch', export: 'fetch' })
    expect(site.load('app.ts:fetch')).toMatchObject({ kind: 'fetch', export: 'fetch' })
  })

  it.each([
    ['SvelteKit', 'export const handler = (req, res, next) => next()'],
    ['Astro', 'export const handler = (req, res, next, locals) => next()\nexport const options = {}'],
  ])('is served by its export handler, as %s builds it', (_name, source) => {
    using site = new Site({ 'app.ts': source })
    const what = 'a Node handler with next'
    expect(site.load('app.ts')).toMatchObject({ kind: 'node', what, export: 'handler' })
    expect(site.load('app.ts:handler')).toMatchObject({ kind: 'node', what, export: 'handler' })
  })

  it('is served by a usual export, where it has that too', () => {
    using site = new Site({ 'app.ts': `export const fetch = (request) => new Response('no')\nexport default ${APP}` })
    expect(site.load('app.ts')).toMatchObject({ export: 'default', body: 'hello' })
  })

  it('gets the exact command for a function whose kind cannot be seen', () => {
    using site = new Site({
      'app.ts': 'export const serve = (request) => new Response("hello")\nexport const h = (a, b, c) => 1',
    })
    const outcome = site.load('app.ts')
    expect(outcome).toMatchObject({ code: 'TSGI_ERR_APP_NO_EXPORT' })
    if (!('message' in outcome)) throw new Error('it was loaded')
    expect(outcome.message).toContain('If "serve" takes a Request: app.ts:serve --as fetch')
    expect(outcome.message).toContain('If "h" takes (req, res, next): app.ts:h --as node')
  })
})

describe('layers', () => {
  const outer = `export default (application, word) => (environ, startResponse) => word + (application?.(environ, startResponse) ?? 'nothing')`

  it('wrap the application, the last one outermost', () => {
    using site = new Site({ 'app.ts': `export default ${APP}`, 'layer.ts': outer })
    const layer = (config: string) => ({ module: './layer.ts', config })
    const config = { app: { module: './app.ts' }, layers: [layer('inner '), layer('outer ')] }
    expect(site.load(config)).toMatchObject({ body: 'outer inner hello' })
  })

  it('know when nothing stands behind them', () => {
    using site = new Site({ 'layer.ts': outer })
    expect(site.load({ layers: [{ module: './layer.ts', config: 'only ' }] })).toMatchObject({ body: 'only nothing' })
  })

  it('must be functions', () => {
    using site = new Site({ 'layer.ts': 'export const a = 1' })
    expect(site.load({ layers: [{ module: './layer.ts', export: 'a' }] })).toMatchObject({
      message: './layer.ts exports no layer as "a", but the number 1.',
    })
  })
})

describe('there is no application', () => {
  it('no file: names those that are there', () => {
    const { code, message } = refusal({ 'server.ts': '', 'server.test.ts': '', 'types.d.ts': '' })
    expect(code).toBe('TSGI_ERR_APP_NOT_FOUND')
    expect(message).toBe('There is no file app.ts.\nFound there: server.ts')
  })

  it('no export of that name: shows those that there are', () => {
    const { code, message } = refusal({ 'app.ts': `export const site = ${APP}` }, 'app.ts:stie')
    expect(code).toBe('TSGI_ERR_APP_NO_EXPORT')
    expect(message).toContain('app.ts has no export "stie".')
    expect(message).toContain('To serve "site", say app.ts:site')
  })

  it('no usual export', () => {
    const { code, message } = refusal({ 'app.ts': `export const site = ${APP}` })
    expect(code).toBe('TSGI_ERR_APP_NO_EXPORT')
    expect(message).toContain('app.ts exports no application as default, app or application.')
    expect(message).toContain('To serve "site", say app.ts:site')
    expect(message).toContain('the dialect of PEP 3333')
  })

  it('an export that no adapter knows: what it is and the four things that could be served', () => {
    const { code, message } = refusal({ 'app.ts': 'export default { get: 1, post: 2 }' })
    expect(code).toBe('TSGI_ERR_APP_UNKNOWN_KIND')
    expect(message).toContain('default  an object with get, post')
    for (const kind of ['a TSGI application', '--as fetch', '--as node', '--as wsgi']) expect(message).toContain(kind)
  })

  it('a function that can only be a factory', () => {
    expect(refusal({ 'app.ts': `export default () => ${APP}` }).message).toContain('add --factory')
  })

  it('it throws: the error, and the line of its own code', () => {
    const { code, message, cause } = refusal({
      'app.ts': 'import { open } from "./db.ts"\nopen()',
      'db.ts': 'export function open() {\n  throw new Error("no database")\n}',
    })
    expect(code).toBe('TSGI_ERR_APP_THREW')
    expect(message).toBe('app.ts threw while it was loading:\n\n  Error: no database\n  at db.ts:2:9')
    expect(cause).toBe('no database')
  })

  it('it cannot be read: its place, and what helps', () => {
    const { code, message } = refusal({ 'app.ts': 'enum Colour { Red }\nexport default Colour' })
    expect(code).toBe('TSGI_ERR_APP_UNREADABLE')
    for (const text of ['TypeScript enum', 'app.ts:1', 'enum Colour', '--import tsx']) expect(message).toContain(text)
  })
})

describe('a module that listens by itself', () => {
  const LISTENS = `import http from 'node:http'\nhttp.createServer((req, res) => res.end()).listen(0)\nexport const a = 1`

  it('is served instead', () => {
    using site = new Site({ 'app.ts': LISTENS })
    expect(site.load('app.ts')).toMatchObject({
      kind: 'node',
      export: null,
      what: 'the server that it would start on any free port',
    })
  })

  it('is waited for while something is under way', () => {
    using site = new Site({
      'app.ts': `import http from 'node:http'\nsetTimeout(() => http.createServer().listen(0), 200)`,
    })
    expect(site.load('app.ts')).toMatchObject({ kind: 'node', export: null })
  })

  it('is waited for while nothing has asked for PORT; what else listens is named', () => {
    const metrics = `http.createServer().listen(0, '127.0.0.1')`
    const main = `setTimeout(() => http.createServer().listen(process.env.PORT), 100)`
    using site = new Site({ 'app.ts': `import http from 'node:http'\n${metrics}\n${main}` })
    expect(site.load('app.ts', { PORT: '8125' })).toMatchObject({
      what: 'the server that it would start on port 8125',
      also: [expect.stringMatching(/^on (any free port|port \d+)$/)],
    })
  })

  it('is not interfered with unless that is asked for', async () => {
    using site = new Site({
      'app.ts': `import http from 'node:http'\nexport const server = http.createServer().listen(0)`,
    })
    const { server } = (await importModule(`${site.folder}/app.ts`, site.folder)) as { server: http.Server }
    await once(server, 'listening')
    expect((server.address() as net.AddressInfo).port).toBeGreaterThan(0)
    server.close()
    await expect(load(`${site.folder}/app.ts`)).rejects.toThrow('exports no application')
  })
})
