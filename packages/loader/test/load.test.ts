import { once } from 'node:events'
import { symlinkSync } from 'node:fs'
import type http from 'node:http'
import type net from 'node:net'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { importModule, load } from '../src/index.ts'
import { Site } from './probe.ts'

const NODE_MODULES = fileURLToPath(new URL('../node_modules', import.meta.url))

const APP = '(environ, startResponse) => { startResponse(200, []); return "hello" }'

describe('an application is found', () => {
  it.each([
    ['as the default export', `export default ${APP}`, 'app.ts', 'default'],
    ['as app', `export const app = ${APP}`, 'app.ts', 'app'],
    ['as application', `export const application = ${APP}`, 'app.ts', 'application'],
    ['under the name that was asked for', `export default 1; export const site = ${APP}`, 'app.ts:site', 'site'],
    [
      'as app where default is something else',
      `export default { port: 1 }; export const app = ${APP}`,
      'app.ts',
      'app',
    ],
    ['as the promise of one', `export default Promise.resolve(${APP})`, 'app.ts', 'default'],
  ])('%s', (_name, source, reference, name) => {
    using site = new Site({ 'app.ts': source })
    expect(site.load(reference)).toMatchObject({ kind: 'tsgi', what: 'a TSGI function', export: name, body: 'hello' })
  })

  it.each([
    ['module.exports =', `module.exports = ${APP}`, 'app.cjs', 'default'],
    ['exports.app =', `exports.app = ${APP}`, 'app.cjs', 'app'],
    [
      'compiled ES module exports',
      `Object.defineProperty(exports, '__esModule', {value: true}); exports.default = ${APP}`,
      'app.cjs',
      'default',
    ],
  ])('in CommonJS: %s', (_name, source, reference, name) => {
    using site = new Site({ 'app.cjs': source })
    expect(site.load(reference)).toMatchObject({ export: name, body: 'hello' })
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
  function refusal(files: Record<string, string>, reference = 'app.ts') {
    using site = new Site(files)
    const outcome = site.load(reference)
    if (!('code' in outcome)) throw new Error('it was loaded')
    return { ...outcome, message: outcome.message.replaceAll(site.folder, '<folder>') }
  }

  it('no file: names those that are there', () => {
    const { code, message } = refusal({ 'server.ts': '', 'server.test.ts': '', 'types.d.ts': '' })
    expect(code).toBe('TSGI_ERR_APP_NOT_FOUND')
    expect(message).toBe('There is no file app.ts.\nFound there: server.ts')
  })

  it('a file with another ending', () => {
    expect(refusal({ 'app.mjs': '', 'other.ts': '' }).message).toContain('Found there: app.mjs')
  })

  it('a folder', () => {
    expect(refusal({ 'site/app.ts': '' }, './site').message).toBe(
      'site is a folder; name the file that exports the application.\nFound there: site/app.ts',
    )
  })

  it('no package', () => {
    expect(refusal({}, 'my-site').message).toContain('There is no file and no installed package "my-site".')
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

  it('nothing exported', () => {
    expect(refusal({ 'app.ts': 'console.log("hi")' }).message).toContain(
      'It exports nothing at all.\nNor does it listen by itself. Export the application: export default app\n',
    )
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

  it('a factory that makes something else', () => {
    using site = new Site({ 'app.ts': 'export default () => ({ a: 1 })' })
    expect(site.load({ app: { module: './app.ts', factory: true } })).toMatchObject({
      code: 'TSGI_ERR_APP_UNKNOWN_KIND',
      message: expect.stringContaining('What ./app.ts:default makes is an object with a, which is no application.'),
    })
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

  it('it throws something that is no Error', () => {
    expect(refusal({ 'app.ts': 'throw "no"' }).message).toContain('a value that is no Error: no')
  })

  it('its factory throws', () => {
    using site = new Site({ 'app.ts': 'export default () => { throw new Error("no database") }' })
    expect(site.load({ app: { module: './app.ts', factory: true } })).toMatchObject({
      code: 'TSGI_ERR_APP_THREW',
      message: expect.stringMatching(/Error: no database\n {2}at app\.ts:1:30/),
    })
  })

  it.each([
    [
      'an enum',
      { 'app.ts': 'enum Colour { Red }\nexport default Colour' },
      ['TypeScript enum', 'app.ts:1', 'enum Colour', '--import tsx'],
    ],
    [
      'a parameter property',
      { 'app.ts': 'export default class { constructor(private x: 1) {} }' },
      ['parameter property', '--import tsx'],
    ],
    [
      '.tsx',
      { 'app.ts': 'import "./page.tsx"', 'page.tsx': '' },
      ['page.tsx: Node does not read .tsx files.', '--import tsx'],
    ],
    [
      'a path alias',
      { 'app.ts': 'import "@/db.ts"' },
      ['app.ts imports @/db.ts, which is not there.', 'path alias of tsconfig.json', '--import tsx'],
    ],
    [
      'a missing package',
      { 'app.ts': 'import "no-such-package"' },
      ['app.ts imports no-such-package', 'app.ts:1\n  import "no-such-package"', 'npm install no-such-package'],
    ],
    [
      'a missing package, in CommonJS',
      { 'app.ts': 'import "./a.cjs"', 'a.cjs': 'require("no-such-package")' },
      ['a.cjs imports no-such-package', 'npm install no-such-package'],
    ],
    [
      'an import without its ending',
      { 'app.ts': 'import "./db"', 'db.ts': '' },
      ['imports db, which is not there', 'There is db.ts'],
    ],
    ['an import that names the compiled file', { 'app.ts': 'import "./db.js"', 'db.ts': '' }, ['There is db.ts']],
    [
      'a syntax error in TypeScript',
      { 'app.ts': 'export default (a b) => 1' },
      ['app.ts cannot be read', 'app.ts:1', 'export default (a b) => 1'],
    ],
    [
      'a syntax error in JavaScript',
      { 'app.ts': 'import "./a.js"', 'a.js': '\nlet let' },
      ['app.ts cannot be read', '  a.js:2\n  let let\n'],
    ],
    [
      'an import of what is not exported',
      { 'app.ts': 'import { x } from "./a.js"', 'a.js': '' },
      ["does not provide an export named 'x'", 'app.ts:1'],
    ],
    ['a decorator', { 'app.ts': '\n@sealed class A {}\nexport default A' }, ['app.ts:2', 'decorator', '--import tsx']],
    ['JSX', { 'app.ts': 'import "./a.js"', 'a.js': 'export default <p/>' }, ['a.js:1', 'JSX', '--import tsx']],
  ] as [string, Record<string, string>, string[]][])('%s', (_name, files, said) => {
    const { code, message } = refusal(files)
    expect(code).toBe('TSGI_ERR_APP_UNREADABLE')
    for (const text of said) expect(message).toContain(text)
    expect(message.split('\n').length).toBeLessThan(12)
  })

  it.each([
    [
      'a .ts',
      'app.ts',
      'export default 1',
      ['"type": "module" in package.json', 'name the file app.mts', '--import tsx'],
    ],
    ['a .js', 'app.js', 'import fs from "node:fs"', ['"type": "module" in package.json', 'name the file app.mjs']],
    ['a .js that awaits', 'app.js', 'await 1', ['because of "type": "commonjs" in package.json']],
    ['a .ts with import.meta', 'app.ts', 'module.exports = import.meta.url', ['name the file app.mts']],
    ['a .cjs', 'app.cjs', 'export default 1', ['Node reads .cjs files as CommonJS. Name it app.mjs']],
    ['a .cts', 'app.cts', 'import a from "a"', ['Node reads .cts files as CommonJS. Name it app.mts']],
    ['an imported .ts', 'app.mts', 'import "./page.ts"', ['  page.ts:1', 'name the file page.mts']],
  ])('%s in a package of CommonJS that is written as an ES module: what helps', (_name, file, source, said) => {
    const files = { 'package.json': '{"type":"commonjs"}', 'page.ts': 'export const a = 1', [file]: source }
    const { code, message } = refusal(files, file)
    expect(code).toBe('TSGI_ERR_APP_UNREADABLE')
    for (const text of [...said, 'written as an ES module']) expect(message).toContain(text)
  })

  it('a syntax error in JavaScript: its place, which V8 does not tell', () => {
    const { message } = refusal({ 'app.js': '\nexport default (a b) => 1' }, 'app.js')
    expect(message).toContain('app.js:2\n  export default (a b) => 1\n')
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

  it.each([
    ['8080', 'on port 8080'],
    ["{ port: 8081, host: '127.0.0.1' }", 'on port 8081'],
    ["'/run/site.sock'", 'on /run/site.sock'],
  ])('says where listen(%s) would have been', (asked, where) => {
    using site = new Site({ 'app.ts': `import http from 'node:http'\nhttp.createServer().listen(${asked})` })
    expect(site.load('app.ts')).toMatchObject({ what: `the server that it would start ${where}` })
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

  it.each([
    ['Express', `import express from 'express'\nexport const app = express()\napp.listen(8130)`],
    ['Koa', `import Koa from 'koa'\nexport const app = new Koa()\napp.listen(8130)`],
    ['Fastify', `import fastify from 'fastify'\nexport const app = fastify()\nawait app.listen({ port: 8130 })`],
  ])('of %s, which exports the application as well, has that served and its metrics listen', (_name, source) => {
    const metrics = `import http from 'node:http'\nconst metrics = http.createServer()\nmetrics.listen(0, '127.0.0.1')`
    using site = new Site({ 'app.ts': `${source}\n${metrics}` })
    symlinkSync(NODE_MODULES, `${site.folder}/node_modules`)
    expect(site.load('app.ts')).toMatchObject({
      export: 'app',
      also: [expect.stringMatching(/^on (any free port|port (?!8130)\d+)$/)],
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
