/** A server from its start to its end: listening, connections, draining. */
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Application } from '@tsgi/spec'
import { ServeError } from '@tsgi/spec/server'
import { afterEach, describe, expect, test } from 'vitest'
import { serve } from '../src/index.ts'
import { Client } from './client.ts'
import { deferred, portOf, serving } from './serving.ts'

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
const hello: Application = (_environ, start) => {
  start(200, [])
  return 'hello'
}

describe('a large response', () => {
  test('a slow reader that takes something is not', async () => {
    const { connect } = await serving(
      (_environ, start) => {
        start(200, ['content-length', '8000000'])
        return Array.from({ length: 125 }, () => Buffer.alloc(64_000)).values()
      },
      // Less than the whole takes, and long enough for a busy machine to read once.
      { timeouts: { write: 1_500 } },
    )
    const client = connect()
    client.socket.pause()
    client.send(GET)
    client.keep = false
    const slow = setInterval(() => {
      client.socket.resume()
      client.socket.once('data', () => client.socket.pause())
    }, 15)
    await client.until(({ size }) => size > 8_000_000)
    clearInterval(slow)
  })
})

describe('draining', () => {
  test('finishes what is in flight, says close, and accepts no more', async () => {
    const called = deferred()
    const go = deferred()
    const { server, connect } = await serving(async (_environ, start) => {
      called.resolve()
      await go.promise
      start(200, [])
      return 'finished'
    })
    const client = connect().send(GET)
    await called.promise
    const closing = server.close()
    const late = connect()
    await late.toClose()
    expect(late.error?.code).toBe('ECONNREFUSED')
    go.resolve()
    expect(await client.toEnd()).toMatch(/connection: close\r\n\r\nfinished$/)
    expect(await closing).toEqual({ cutOff: 0 })
  })
  test('a close with graceful: 0 gives an idle client no time to close its side', async () => {
    const { server } = await serving(hello)
    const client = net.connect({ host: '127.0.0.1', port: portOf(server.addresses[0]), allowHalfOpen: true })
    client.write(GET)
    await once(client, 'data')
    expect(await Promise.race([server.close({ graceful: 0 }), sleep(900, 'waited')])).toEqual({ cutOff: 0 })
    client.destroy()
  })
  test('startup runs before the first request, shutdown after the last response and its close', async () => {
    const events: string[] = []
    const app: Application = (_environ, start) => {
      events.push('request')
      start(200, [])
      return {
        [Symbol.iterator]: () => ['a'].values(),
        close: async () => {
          await new Promise((resolve) => setTimeout(resolve, 30))
          events.push('closed')
        },
      }
    }
    app.startup = async () => void events.push('startup')
    app.shutdown = async () => void events.push('shutdown')
    const { server, get } = await serving(app)
    await get('/')
    await server.close()
    expect(events).toEqual(['startup', 'request', 'closed', 'shutdown'])
  })
})

describe('listening', () => {
  const folders: string[] = []
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
  })
  const socketPath = (): string => {
    const folder = mkdtempSync(path.join(tmpdir(), 'tsgi-'))
    folders.push(folder)
    return path.join(folder, 's')
  }

  test('on several addresses, with their urls', async () => {
    const file = socketPath()
    const { server } = await serving(hello, {
      listen: [{ host: '127.0.0.1', port: 0 }, { host: '::1', port: 0 }, { path: file }],
    })
    expect(server.urls).toEqual([
      expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/$/),
      expect.stringMatching(/^http:\/\/\[::1\]:\d+\/$/),
      `http+unix://${encodeURIComponent(file)}/`,
    ])
    for (const target of [{ port: portOf(server.addresses[1]), host: '::1' }, { path: file }]) {
      const client = new Client(target).send(GET)
      expect((await client.responses(1))[0]?.body).toBe('hello')
      client.socket.destroy()
    }
  })
  test('a unix socket has no addresses and no port', async () => {
    const file = socketPath()
    const app: Application = (environ, start) => {
      start(200, [])
      return JSON.stringify([environ.remoteAddr, environ.remotePort, environ.serverName, environ.serverPort])
    }
    await serving(app, { listen: [{ path: file }] })
    const client = new Client({ path: file }).send('GET / HTTP/1.1\r\nHost: example.org\r\n\r\n')
    expect((await client.responses(1))[0]?.body).toBe('[null,null,"example.org",null]')
    client.socket.destroy()
  })
  test('removes its socket file at the end, and replaces a stale one', async () => {
    const file = socketPath()
    const { server } = await serving(hello, { listen: [{ path: file }] })
    await server.close()
    expect(existsSync(file)).toBe(false)
  })
  test('a live socket is not stolen, a file that is none not removed', async () => {
    const file = socketPath()
    await serving(hello, { listen: [{ path: file }] })
    await expect(serving(hello, { listen: [{ path: file }] })).rejects.toMatchObject({
      code: 'TSGI_ERR_BIND',
      message: expect.stringContaining('another program'),
    })
    const plain = socketPath()
    writeFileSync(plain, 'keep me')
    await expect(serving(hello, { listen: [{ path: plain }] })).rejects.toThrow(ServeError)
    expect(existsSync(plain)).toBe(true)
  })
  test('a port in use is an error that names it; what was bound before is let go; shutdown runs', async () => {
    const taken = net.createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => taken.once('listening', resolve))
    const { port } = taken.address() as net.AddressInfo
    const events: string[] = []
    const app: Application = (...args) => hello(...args)
    app.shutdown = () => void events.push('shutdown')
    await expect(
      serving(app, {
        listen: [
          { host: '127.0.0.1', port: 0 },
          { host: '127.0.0.1', port },
        ],
      }),
    ).rejects.toMatchObject({
      code: 'TSGI_ERR_BIND',
      message: expect.stringContaining(`127.0.0.1:${port}: the address is in use`),
    })
    expect(events).toEqual(['shutdown'])
    taken.close()
  })
  test('an application whose startup fails never listens', async () => {
    const app: Application = (...args) => hello(...args)
    app.startup = () => Promise.reject(new Error('no database'))
    await expect(serve(app, { listen: [{ host: '127.0.0.1', port: 0 }] })).rejects.toMatchObject({
      code: 'TSGI_ERR_STARTUP',
      message: expect.stringContaining('no database'),
    })
  })
  test('a module reference is loaded, with its config', async () => {
    const module = `data:text/javascript,export default (config) => (environ, start) => { start(200, []); return config.text }`
    const { server } = await serving({ module, config: { text: 'configured' } } as never)
    const client = new Client({ host: '127.0.0.1', port: portOf(server.addresses[0]) }).send(GET)
    expect((await client.responses(1))[0]?.body).toBe('configured')
    client.socket.destroy()
    await expect(serve({ module: 'data:text/javascript,export default 5' })).rejects.toMatchObject({
      code: 'TSGI_ERR_APP_LOAD',
    })
    await expect(serve({ module: 'data:text/javascript,throw 5' })).rejects.toMatchObject({ code: 'TSGI_ERR_APP_LOAD' })
  })
})

describe('many connections', () => {
  test('over the cap wait until one closes', async () => {
    const { connect, log } = await serving(hello, { limits: { maxConnections: 2 } })
    const first = connect().send(GET)
    const second = connect().send(GET)
    await Promise.all([first.responses(1), second.responses(1)])
    const third = connect().send(GET)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(third.received).toBe('')
    first.socket.end()
    expect((await third.responses(1))[0]?.body).toBe('hello')
    expect(log.filter((line) => line.level === 'warn')).toHaveLength(1)
  })
  test('or are answered 503 by setting', async () => {
    const { connect } = await serving(hello, { limits: { maxConnections: 1 }, overload: '503' })
    await connect().send(GET).responses(1)
    expect(await connect().send(GET).toEnd()).toMatch(/^HTTP\/1.1 503 /)
  })
})
