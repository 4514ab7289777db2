import { symlinkSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ECHO, Folder } from './command.ts'
import { NODE_MODULES } from './serving-setup.ts'

describe('an application of each kind is served', () => {
  it.each([
    [
      'Koa',
      `import Koa from 'koa'\nconst app = new Koa()\napp.use((ctx) => { ctx.body = 'hello ' + ctx.path.split('/')[2] })\nexport default app`,
      [],
    ],
    [
      'Fastify',
      `import fastify from 'fastify'\nconst app = fastify()\napp.get('/hello/:name', async (request) => 'hello ' + request.params.name)\nexport default app`,
      [],
    ],
    ['a Node listener', `export default (req, res) => res.end('hello ' + req.url.split('/')[2])`, ['--as', 'node']],
    [
      'a fetch function',
      `export default (request) => new Response('hello ' + request.url.split('/')[4])`,
      ['--as', 'fetch'],
    ],
    [
      'fast globals',
      `export default { fetch: (request) => new Response('hello ' + new URL(request.url).pathname.split('/')[2]) }`,
      ['--fast-globals'],
    ],
    [
      'PEP 3333',
      `export function app(environ, start_response) {\n  start_response('200 OK', [['Content-Type', 'text/plain']])\n  return ['hello ' + environ.PATH_INFO.split('/')[2]]\n}`,
      ['--as', 'wsgi'],
    ],
    [
      'PEP 3333, by its property',
      `export const app = Object.assign((environ, start_response) => {\n  start_response('200 OK', [])\n  return ['hello ' + environ.PATH_INFO.split('/')[2]]\n}, { [Symbol.for('tsgi.kind')]: 'wsgi' })`,
      [],
    ],
    [
      'a factory',
      `export default async () => (environ, startResponse) => {\n  startResponse(200, [])\n  return 'hello ' + environ.pathInfo.split('/')[2]\n}`,
      ['--factory'],
    ],
  ])('%s', async (_name, source, flags) => {
    using folder = new Folder({ 'app.ts': source })
    symlinkSync(NODE_MODULES, folder.file('node_modules'))
    await using tsgi = folder.tsgi(['serve', 'app.ts', '-p', '0', ...flags])
    expect(await (await tsgi.get('/hello/world')).text()).toBe('hello world')
    expect(await tsgi.stop()).toBe(0)
  })
})

describe('--static', () => {
  const files = {
    'app.ts': ECHO,
    'public/index.html': 'the index',
    'public/a.txt': 'a',
    'more/b.txt': 'b',
    'more/a.txt': 'hidden',
  }

  it('lets a prefix be the files’ own', async () => {
    using folder = new Folder(files)
    await using tsgi = folder.tsgi(['serve', 'app.ts', '-p', '0', '--static', '/assets=public'])
    expect(await (await tsgi.get('/assets/a.txt')).text()).toBe('a')
    expect((await tsgi.get('/assets/c.txt')).status).toBe(404)
    expect((await tsgi.get('/assets/a.txt', { method: 'POST' })).status).toBe(405)
    expect(await tsgi.echo('/a.txt')).toMatchObject({ pathInfo: '/a.txt' })
  })

  it('needs no application', async () => {
    using folder = new Folder(files)
    await using tsgi = folder.tsgi(['serve', '-p', '0', '--static', 'public'])
    expect(await (await tsgi.get('/a.txt')).text()).toBe('a')
    expect((await tsgi.get('/c.txt')).status).toBe(404)
    expect((await tsgi.get('/a.txt', { method: 'POST' })).status).toBe(405)
  })

  it('answers pages with the index of a single page application', async () => {
    using folder = new Folder(files)
    await using tsgi = folder.tsgi(['serve', 'app.ts', '-p', '0', '--static', 'more', '--static', 'public', '--spa'])
    const page = (path: string) => tsgi.get(path, { headers: { accept: 'text/html' } })
    expect(await (await page('/users/7')).text()).toBe('the index')
    expect(await (await page('/b.txt')).text()).toBe('b')
    expect(await tsgi.echo('/users/7', { accept: 'application/json' })).toMatchObject({ pathInfo: '/users/7' })
  })

  it('shows a changed file at once in tsgi dev', async () => {
    using folder = new Folder(files)
    await using tsgi = folder.tsgi(['dev', 'app.ts', '-p', '0', '--static', 'public'])
    expect(await (await tsgi.get('/a.txt')).text()).toBe('a')
    folder.write({ 'public/a.txt': 'changed' })
    expect(await (await tsgi.get('/a.txt')).text()).toBe('changed')
  })
})

describe('forwarding fields', () => {
  const FORGED = {
    'x-forwarded-for': '203.0.113.9',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'site.example',
  }

  it('are believed no further than the last proxy that is trusted', async () => {
    using folder = new Folder({ 'app.ts': ECHO })
    await using tsgi = folder.tsgi(['serve', 'app.ts', '-p', '0', '--forwarded-allow-ips', '127.0.0.1,10.0.0.0/8'])
    const seen = await tsgi.echo('/', { 'x-forwarded-for': '6.6.6.6, 203.0.113.9, 10.1.2.3' })
    expect(seen).toMatchObject({ remoteAddr: '203.0.113.9' })
  })

  it.each([
    ['none', 'none'],
    ['another address', '10.0.0.1'],
  ])('from anyone else are believed by nobody (%s)', async (_name, trusted) => {
    using folder = new Folder({ 'app.ts': ECHO })
    await using tsgi = folder.tsgi(['serve', 'app.ts', '-p', '0', '--access-log', '--forwarded-allow-ips', trusted])
    const seen = await tsgi.echo('/', { ...FORGED, forwarded: 'for=203.0.113.9;proto=https' })
    expect(seen).toMatchObject({ remoteAddr: '127.0.0.1', urlScheme: 'http', serverName: '127.0.0.1' })
    expect(seen).not.toHaveProperty(['tsgi.peer'])
    expect(seen.headers).toEqual(expect.arrayContaining(['x-forwarded-for', '203.0.113.9']))
    await tsgi.said(/^127\.0\.0\.1 - - \[/m)
  })
})

describe('the access log', () => {
  it('has a line for each request, as JSON where that is asked for', async () => {
    using folder = new Folder({ 'app.ts': ECHO })
    await using tsgi = folder.tsgi(['serve', 'app.ts', '-p', '0', '--access-log', '--access-log-format', 'json'])
    await tsgi.get('/x?y')
    await tsgi.get('/z')
    await tsgi.stop()
    const lines = tsgi.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object)
    expect(lines).toMatchObject([
      { method: 'GET', target: '/x?y', status: 200, complete: true },
      { method: 'GET', target: '/z', status: 200, complete: true },
    ])
  })

  it('is off in production and on in development', async () => {
    using folder = new Folder({ 'app.ts': ECHO })
    await using serve = folder.tsgi(['serve', 'app.ts', '-p', '0'])
    await using dev = folder.tsgi(['dev', 'app.ts', '-p', '0'])
    for (const tsgi of [serve, dev]) {
      await tsgi.get('/')
      await tsgi.stop()
    }
    expect(serve.stdout).toBe('')
    expect(dev.stdout).toContain('"GET / HTTP/1.1" 200')
  })
})

describe('limits', () => {
  it('are those that were given', async () => {
    using folder = new Folder({ 'app.ts': ECHO })
    await using tsgi = folder.tsgi([
      'serve',
      'app.ts',
      '-p',
      '0',
      '--max-body-size',
      '1KiB',
      '--max-target-size',
      '100',
    ])
    expect((await tsgi.get('/', { method: 'POST', body: 'x'.repeat(1025) })).status).toBe(413)
    expect((await tsgi.get(`/${'x'.repeat(100)}`)).status).toBe(414)
  })
})

describe('--import', () => {
  it('lets tsx read what Node does not', async () => {
    using folder = new Folder({
      'app.tsx': `enum Word { Hello = 'hello' }\nexport default (environ: object, startResponse: Function) => { startResponse(200, []); return Word.Hello }`,
    })
    symlinkSync(NODE_MODULES, folder.file('node_modules'))
    await using tsgi = folder.tsgi(['serve', 'app.tsx', '-p', '0', '--import', 'tsx'])
    expect(await (await tsgi.get('/')).text()).toBe('hello')
    const without = await folder.run(['serve', 'app.tsx', '-p', '0'])
    expect(without).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('--import tsx') })
  })
})

describe('--server', () => {
  it('takes any module that exports a server', async () => {
    using folder = new Folder({
      'app.ts': ECHO,
      'server.ts': `export default { name: 'mine', inProcess: false, async serve(reference, options) {
        const make = (await import(reference.module)).default
        console.log('listening on http://mine/', typeof await make(reference.config), options.limits.maxHeaders)
        return { urls: [], addresses: [], stats: () => ({}), close: async () => ({ cutOff: 0 }) }
      } }`,
    })
    await using tsgi = folder.tsgi(['serve', 'app.ts', '--server', './server.ts', '--max-headers', '7'])
    await tsgi.said(/listening on http:\/\/mine\/ function 7/)
  })
})

describe('--validate', () => {
  const GOOD = `export default (environ, startResponse) => { startResponse(200, ['content-type', 'text/plain']); return 'good' }`

  it('has nothing to say about a good application, and is off in production', async () => {
    using folder = new Folder({ 'app.ts': GOOD })
    await using dev = folder.tsgi(['dev', 'app.ts', '-p', '0'])
    expect(await (await dev.get('/')).text()).toBe('good')
    await dev.stop('SIGINT')
    expect(dev.stderr).not.toMatch(/"(warn|error)"/)
    await using serve = folder.tsgi(['serve', 'app.ts', '-p', '0'])
    await serve.get('/')
    await serve.stop()
    expect(serve.stderr).not.toMatch(/validat/i)
  })
})

describe('an application that was taken for what it is not', () => {
  it.each([
    ['a Node listener', '(req, res) => res.end("hello")', 'node'],
    [
      'a WSGI-style function',
      `(environ, start_response) => { start_response('200 OK', []); return ['hello'] }`,
      'wsgi',
    ],
    ['a fetch handler', `(request, env) => new Response('hello')`, 'fetch'],
  ])('%s: the log names the flag, once', async (_name, source, kind) => {
    using folder = new Folder({ 'app.ts': `export default ${source}` })
    await using tsgi = folder.tsgi(['serve', 'app.ts', '-p', '0'])
    expect((await tsgi.get('/')).status).toBe(500)
    expect((await tsgi.get('/')).status).toBe(500)
    await tsgi.stop()
    expect(tsgi.stderr.match(new RegExp(`add --as ${kind}`, 'g'))).toHaveLength(1)
  })
})

describe('a module that listens by itself is served instead', () => {
  const PORT = 47_311

  it.each([
    [
      'http.createServer',
      `import http from 'node:http'\nhttp.createServer((req, res) => res.end('hello ' + req.url)).listen(${PORT}, () => console.log('callback ran'))`,
    ],
    [
      'Express',
      `import express from 'express'\nexpress().get('/x', (req, res) => res.send('hello ' + req.url)).listen(${PORT}, () => console.log('callback ran'))`,
    ],
    [
      'Koa',
      `import Koa from 'koa'\nconst app = new Koa()\napp.use((ctx) => { ctx.body = 'hello ' + ctx.url })\napp.listen(${PORT}, () => console.log('callback ran'))`,
    ],
    [
      'Fastify',
      `import fastify from 'fastify'\nconst app = fastify()\napp.get('/x', async (request) => 'hello ' + request.url)\nconsole.log(await app.listen({ port: ${PORT} }), 'callback ran')`,
    ],
    [
      '@hono/node-server',
      `import { serve } from '@hono/node-server'\nimport { Hono } from 'hono'\nserve({ fetch: new Hono().get('/x', (c) => c.text('hello ' + c.req.path)).fetch, port: ${PORT} }, ({ port }) => console.log('callback ran', port === ${PORT}))`,
    ],
    [
      'later',
      `import http from 'node:http'\nsetTimeout(() => http.createServer((req, res) => res.end('hello ' + req.url)).listen({ port: ${PORT} }, () => console.log('callback ran')), 300)`,
    ],
    [
      'and exports its application as well',
      `import express from 'express'\nexport const app = express().get('/x', (req, res) => res.send('hello ' + req.url))\napp.listen(${PORT}, () => console.log('callback ran'))`,
    ],
  ])('%s', async (_name, source) => {
    using folder = new Folder({ 'app.ts': source })
    symlinkSync(NODE_MODULES, folder.file('node_modules'))
    await using tsgi = folder.tsgi(['serve', 'app.ts', '-p', '0'])
    expect(await (await tsgi.get('/x')).text()).toBe('hello /x')
    await tsgi.said(/callback ran/)
    for (const host of ['127.0.0.1', '[::1]']) await expect(fetch(`http://${host}:${PORT}/x`)).rejects.toThrow()
    expect(await tsgi.stop()).toBe(0)
  })

  it('tells it that it is closed when the serving has ended', async () => {
    using folder = new Folder({
      'app.ts': `
        import http from 'node:http'
        import { existsSync } from 'node:fs'
        const server = http.createServer((req, res) => {
          res.write('first ')
          const timer = setInterval(() => existsSync('open') && (clearInterval(timer), res.end('last')), 20)
        })
        server.listen(${PORT})
        process.on('SIGTERM', () => server.close(() => { console.log('closed'); process.exit(0) }))`,
    })
    await using tsgi = folder.tsgi(['serve', 'app.ts', '-p', '0'])
    const response = await tsgi.get('/')
    tsgi.signal('SIGTERM')
    await tsgi.said(/stopping/)
    expect(tsgi.stdout).toBe('')
    folder.write({ open: '' })
    expect(await response.text()).toBe('first last')
    expect(await tsgi.exit).toBe(0)
    expect(tsgi.stdout).toBe('closed\n')
  })

  it('is not waited for where nothing is under way', async () => {
    using folder = new Folder({ 'app.ts': 'export const a = 1' })
    const before = performance.now()
    expect(await folder.run(['serve', 'app.ts'])).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('exports no application'),
    })
    expect(performance.now() - before).toBeLessThan(10_000)
  })
})
