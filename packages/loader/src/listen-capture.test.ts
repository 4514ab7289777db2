import { once } from 'node:events'
import http from 'node:http'
import type net from 'node:net'
import { freePort } from '@tsgi/free-port'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { captureListening, type ListenCapture } from './listen-capture.ts'

const opened: http.Server[] = []
let capture: ListenCapture | undefined

/** What a module under way does, and what is decided of it. */
const capturing = ({ served = [], sharePorts = false }: { served?: number[]; sharePorts?: boolean } = {}) =>
  (capture = captureListening({ served, sharePorts }))

function server(listener: http.RequestListener = (_request, response) => response.end('another')): http.Server {
  const made = http.createServer(listener)
  opened.push(made)
  return made
}

/** As Express makes them: a function with methods, which is its server's listener. */
const express = () =>
  Object.assign((_request: http.IncomingMessage, response: http.ServerResponse) => void response.end('app'), {
    handle() {},
    use() {},
  })

const portOf = (one: http.Server) => (one.address() as net.AddressInfo).port

const get = async (port: number) => (await fetch(`http://127.0.0.1:${port}/`)).text()

afterEach(() => {
  vi.unstubAllEnvs()
  capture?.abandon()
  capture = undefined
  for (const one of opened.splice(0)) {
    one.closeAllConnections()
    one.close()
  }
})

describe('a module that exports its application', () => {
  it('has its other server listen: its callback, event and address are those of node:http', async () => {
    const capture = capturing()
    const app = express()
    const heard: string[] = []
    const metrics = server()
      .on('listening', () => heard.push('event'))
      .listen(0, '127.0.0.1', () => heard.push('callback'))
    expect([metrics.listening, metrics.address()]).toEqual([false, null])
    const { server: own, others } = capture.settleFor(app)
    await once(metrics, 'listening')
    expect(own).toBeUndefined()
    expect(heard.toSorted()).toEqual(['callback', 'event'])
    expect(others()).toEqual([`on port ${portOf(metrics)}`])
    expect(await get(portOf(metrics))).toBe('another')
    await new Promise((done) => metrics.close(done))
    expect(metrics.listening).toBe(false)
    expect(others()).toEqual([])
  })

  it('has the server of its application do as if it listened', async () => {
    const port = await freePort()
    const capture = capturing()
    const app = express()
    const main = server(app).listen(port)
    const captured = capture.settleFor(app)
    await once(main, 'listening')
    expect([captured.server, captured.where, captured.others()]).toEqual([main, `on port ${port}`, []])
    expect(main.listening).toBe(true)
    expect(main.address()).toMatchObject({ port })
    await expect(get(port)).rejects.toThrow()
    const closed = vi.fn()
    main.close(closed)
    expect(closed).not.toHaveBeenCalled()
    captured.ended()
    await once(main, 'close')
    await vi.waitUntil(() => closed.mock.calls.length === 1)
  })

  it('has a second application of the same framework listen', async () => {
    const capture = capturing()
    const app = express()
    const admin = server(express()).listen(0, '127.0.0.1')
    const main = server(app).listen(3000)
    expect(capture.settleFor(app).server).toBe(main)
    await once(admin, 'listening')
    expect(await get(portOf(admin))).toBe('app')
  })

  it('has a server of its own behind a wrapper, when it asks for the port of the command or for PORT', async () => {
    vi.stubEnv('PORT', '8123')
    const capture = capturing({ served: [8124] })
    const first = server().listen(8123)
    const second = server().listen({ port: 8124, host: '127.0.0.1' })
    expect(capture.settleFor(express())).toMatchObject({ server: first })
    expect([first.listening, second.listening]).toEqual([true, true])
    await once(second, 'listening')
    expect(second.address()).toMatchObject({ port: 8124, address: '127.0.0.1' })
  })

  it('gets the error of node:http where a port is taken', async () => {
    const taken = server()
    await new Promise<void>((done) => taken.listen(0, '127.0.0.1', done))
    const capture = capturing()
    const called = vi.fn()
    const metrics = server().listen(portOf(taken), '127.0.0.1', called)
    capture.settleFor(express())
    const [error] = await once(metrics, 'error')
    expect(error).toMatchObject({ code: 'EADDRINUSE' })
    expect(called).not.toHaveBeenCalled()
  })

  it('may start its own server later, which does as if it listened, and another, which listens', async () => {
    const capture = capturing()
    const app = express()
    capture.settleFor(app)
    const main = server(app).listen(3000)
    const other = server().listen(0, '127.0.0.1')
    await Promise.all([once(main, 'listening'), once(other, 'listening')])
    expect(main.address()).toMatchObject({ port: 3000, address: '::' })
    expect(await get(portOf(other))).toBe('another')
  })

  it('may close a server before the module is loaded', async () => {
    const capture = capturing()
    const brief = server().listen(0)
    const closed = new Promise((done) => brief.close(done))
    capture.settleFor(express())
    await closed
    expect(brief.listening).toBe(false)
  })
})

describe('a module that waits for its server while it loads', () => {
  it('is not held up; its other server listens on the fixed port once the module has loaded', async () => {
    const port = await freePort()
    const capture = capturing()
    const heard = vi.fn()
    const metrics = server().on('listening', heard)
    await new Promise<void>((done) => metrics.listen(port, '127.0.0.1', done))
    capture.settleFor(express())
    await vi.waitUntil(async () => (await get(port).catch(() => '')) === 'another')
    expect(heard).toHaveBeenCalledTimes(1)
  })

  it('gets the real port where it asked for any', async () => {
    const capture = capturing()
    const metrics = server()
    await new Promise<void>((done) => metrics.listen(0, '127.0.0.1', done))
    const port = portOf(metrics)
    capture.settleFor(express())
    expect(port).toBeGreaterThan(0)
    expect(await get(port)).toBe('another')
  })
})

describe('a module that exports nothing', () => {
  it('is served by the server that asks for PORT; the other listens', async () => {
    vi.stubEnv('PORT', '8125')
    const capture = capturing({ served: [3000] })
    const metrics = server().listen(0, '127.0.0.1')
    const main = server().listen(process.env['PORT'])
    const { server: own, where, others } = await capture.settle()
    expect([own, where]).toEqual([main, 'on port 8125'])
    await once(metrics, 'listening')
    expect(others()).toEqual([`on port ${portOf(metrics)}`])
    expect(await get(portOf(metrics))).toBe('another')
  })

  it('is served by the server that asks for the port of the command', async () => {
    const capture = capturing({ served: [8126] })
    server().listen(0, '127.0.0.1')
    const main = server().listen(8126)
    expect((await capture.settle()).server).toBe(main)
  })

  it('is served by the first server, where no port decides', async () => {
    const capture = capturing()
    const main = server().listen(8127)
    const metrics = server().listen(0, '127.0.0.1')
    expect((await capture.settle()).server).toBe(main)
    await once(metrics, 'listening')
  })

  it('is served by a server on any free port that it waited for, which then listens no more', async () => {
    const capture = capturing()
    const main = server()
    await new Promise<void>((done) => main.listen(0, '127.0.0.1', done))
    const port = portOf(main)
    expect((await capture.settle()).server).toBe(main)
    expect(portOf(main)).toBe(port)
    await expect(get(port)).rejects.toThrow()
  })
})

it('says at once what is wrong with a port, as node:http does', () => {
  capturing()
  expect(() => server().listen(99_999)).toThrow(expect.objectContaining({ code: 'ERR_SOCKET_BAD_PORT' }))
  const twice = server().listen(0)
  expect(() => twice.listen(0)).toThrow(expect.objectContaining({ code: 'ERR_SERVER_ALREADY_LISTEN' }))
})
