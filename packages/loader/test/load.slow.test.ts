/** More of what `load.test.ts` asks: each starts a Node of its own. */
import { symlinkSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { Site } from './probe.ts'
import { refusal } from './refusal.ts'

const NODE_MODULES = fileURLToPath(new URL('../node_modules', import.meta.url))

const APP = '(environ, startResponse) => { startResponse(200, []); return "hello" }'

describe('an application is found', () => {
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

  it.each([
    ['as app', `export const app = ${APP}`, 'app.ts', 'app'],
    ['as application', `export const application = ${APP}`, 'app.ts', 'application'],
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
})

describe('there is no application', () => {
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

  it('nothing exported', () => {
    expect(refusal({ 'app.ts': 'console.log("hi")' }).message).toContain(
      'It exports nothing at all.\nNor does it listen by itself. Export the application: export default app\n',
    )
  })

  it('a factory that makes something else', () => {
    using site = new Site({ 'app.ts': 'export default () => ({ a: 1 })' })
    expect(site.load({ app: { module: './app.ts', factory: true } })).toMatchObject({
      code: 'TSGI_ERR_APP_UNKNOWN_KIND',
      message: expect.stringContaining('What ./app.ts:default makes is an object with a, which is no application.'),
    })
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
  it.each([
    ['8080', 'on port 8080'],
    ["{ port: 8081, host: '127.0.0.1' }", 'on port 8081'],
    ["'/run/site.sock'", 'on /run/site.sock'],
  ])('says where listen(%s) would have been', (asked, where) => {
    using site = new Site({ 'app.ts': `import http from 'node:http'\nhttp.createServer().listen(${asked})` })
    expect(site.load('app.ts')).toMatchObject({ what: `the server that it would start ${where}` })
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
})
