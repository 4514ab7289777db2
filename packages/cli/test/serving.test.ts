import { symlinkSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ECHO, Folder } from './command.ts'
import { NODE_MODULES } from './serving-setup.ts'

describe('an application of each kind is served', () => {
  it.each([
    [
      'Hono',
      `import { Hono } from 'hono'\nexport default new Hono().get('/hello/:name', (c) => c.text('hello ' + c.req.param('name')))`,
      [],
    ],
    [
      'h3',
      `import { H3 } from 'h3'\nexport const app = new H3().get('/hello/:name', (event) => 'hello ' + event.context.params.name)`,
      [],
    ],
    [
      'Express',
      `import express from 'express'\nexport const app = express().get('/hello/:name', (req, res) => res.send('hello ' + req.params.name))`,
      [],
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

  it('serves files that are there, and the application the rest', async () => {
    using folder = new Folder(files)
    await using tsgi = folder.tsgi(['serve', 'app.ts', '-p', '0', '--static', 'public', '--static', 'more'])
    expect(await (await tsgi.get('/')).text()).toBe('the index')
    expect(await (await tsgi.get('/a.txt')).text()).toBe('a')
    expect(await (await tsgi.get('/b.txt')).text()).toBe('b')
    expect(await tsgi.echo('/c.txt')).toMatchObject({ pathInfo: '/c.txt' })
    expect(await (await tsgi.get('/a.txt', { method: 'POST' })).json()).toMatchObject({ requestMethod: 'POST' })
  })
})

describe('forwarding fields', () => {
  const FORGED = {
    'x-forwarded-for': '203.0.113.9',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'site.example',
  }

  it('from a trusted proxy say who the client is', async () => {
    using folder = new Folder({ 'app.ts': ECHO })
    await using tsgi = folder.tsgi(['serve', 'app.ts', '-p', '0'])
    expect(await tsgi.echo('/', FORGED)).toMatchObject({
      remoteAddr: '203.0.113.9',
      urlScheme: 'https',
      serverName: '127.0.0.1',
      'tsgi.peer': { address: '127.0.0.1', port: expect.any(Number) },
    })
    expect(await tsgi.echo('/', { forwarded: 'for=203.0.113.9;proto=https' })).toMatchObject({
      remoteAddr: '127.0.0.1',
      urlScheme: 'http',
    })
  })

  it('say the host, and come as Forwarded, where --forwarded-fields names these', async () => {
    using folder = new Folder({ 'app.ts': ECHO })
    const fields = ['--forwarded-fields', 'for,proto,host,forwarded']
    await using tsgi = folder.tsgi(['serve', 'app.ts', '-p', '0', ...fields])
    expect(await tsgi.echo('/', FORGED)).toMatchObject({ remoteAddr: '203.0.113.9', serverName: 'site.example' })
    const forwarded = 'for=203.0.113.9;proto=https;host=other.example'
    expect(await tsgi.echo('/', { forwarded })).toMatchObject({ urlScheme: 'https', serverName: 'other.example' })
  })
})

describe('--validate', () => {
  const LAX = `export default (environ, startResponse) => { startResponse(200, ['Content-Type', 'text/plain', 'x-a', 'b']); return 'lax' }`

  it('is on in development, and tells what the application gets wrong', async () => {
    using folder = new Folder({ 'app.ts': LAX })
    await using tsgi = folder.tsgi(['dev', 'app.ts', '-p', '0'])
    await tsgi.get('/')
    await tsgi.said(/Content-Type/)
    await tsgi.said(/app\.ts/)
  })
})
