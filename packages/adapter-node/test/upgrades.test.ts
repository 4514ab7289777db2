/** The `upgrade` event: WebSocket libraries of Node's world, unchanged. */
import { once } from 'node:events'
import http from 'node:http'
import type { Duplex } from 'node:stream'
import express from 'express'
import expressWs from 'express-ws'
import { describe, expect, onTestFinished, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { eventLoop, type Hosted, roundTrip, type Subject } from './hosts.ts'
import { ASK, contains, MUCH, raw, serve, SWITCH, upgrading } from './upgrade-world.ts'
import { settled, talk } from './wire.ts'

/** A server that does not listen, as a module exports it. */
function echoServer(): http.Server {
  const server = http.createServer((_request, response) => response.end('ordinary'))
  const sockets = new WebSocketServer({ server, path: '/chat' })
  sockets.on('connection', (socket, request) => {
    socket.send(`hello ${request.url} from ${request.socket.remoteAddress}`)
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }))
  })
  return server
}

interface Talker {
  readonly socket: WebSocket
  next(): Promise<string>
}

async function connect({ port }: Hosted, path: string): Promise<Talker> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`)
  onTestFinished(() => socket.terminate())
  const messages: string[] = []
  let wake = (): void => {}
  socket.on('message', (data: Buffer) => {
    messages.push(data.toString('latin1'))
    wake()
  })
  await once(socket, 'open')
  return {
    socket,
    async next() {
      while (messages.length === 0) await new Promise<void>((resolve) => (wake = resolve))
      return messages.shift() as string
    },
  }
}

describe.each([eventLoop, roundTrip])('ws on an http.Server, over $name,', (host) => {
  test('echoes messages, large ones too, and closes in order', async () => {
    const one = await serve(echoServer(), host)
    const { socket, next } = await connect(one, '/chat')
    expect(await next()).toBe('hello /chat from 127.0.0.1')
    socket.send('one')
    socket.send(Buffer.alloc(3_000_000, 'x'))
    socket.send('two')
    expect(await next()).toBe('one')
    expect(await next()).toHaveLength(3_000_000)
    expect(await next()).toBe('two')
    socket.close(1000, 'bye')
    expect(await once(socket, 'close')).toEqual([1000, Buffer.from('bye')])
    expect([one.log, one.findings]).toEqual([[], []])
  })

  test('has ordinary requests answered as before', async () => {
    const { final } = await talk((await serve(echoServer(), host)).port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    expect(String(final?.body)).toBe('ordinary')
  })

  test('refuses a bad handshake, and the log says why', async () => {
    const one = await serve(echoServer(), host)
    const { final } = await talk(one.port, ASK)
    expect(final?.status).toBe(400)
    expect(String(final?.body)).toContain('Sec-WebSocket-Key')
    expect(one.log.join()).toContain('GET /chat to websocket: the upgrade was refused: 400 Bad Request')
    expect(one.log.join()).toContain('Sec-WebSocket-Key')
  })
})

test('ws sees a client that breaks off', async () => {
  const server = echoServer()
  const closed = Promise.withResolvers<unknown>()
  server.on('upgrade', (_request, socket) => socket.on('close', () => closed.resolve('closed')))
  const one = await serve(server)
  const { socket, next } = await connect(one, '/chat')
  await next()
  socket.terminate()
  expect(await closed.promise).toBe('closed')
  expect(one.log).toEqual([])
})

describe('express-ws', () => {
  test('runs on an application that is exported', async () => {
    const { app } = expressWs(express())
    app.get('/', (_request, response) => void response.send('page'))
    app.ws('/rooms/:room', (socket, request) => {
      socket.on('message', (text: Buffer) => socket.send(`${request.params['room']}: ${String(text)}`))
    })
    const one = await serve(app as unknown as Subject)
    const { socket, next } = await connect(one, '/rooms/blue')
    socket.send('hi')
    expect(await next()).toBe('blue: hi')
    expect((await talk(one.port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n')).final?.status).toBe(200)
    const { final } = await talk(one.port, 'GET /rooms/blue HTTP/1.1\r\nHost: a\r\n\r\n')
    expect(final?.status).toBe(404)
  })
})

describe('an upgrade listener', () => {
  test('may write its 101 in pieces, with bytes of the protocol behind it', async () => {
    const server = upgrading((socket) => {
      const bytes = `${SWITCH}first`
      socket.write(bytes.slice(0, 20))
      setImmediate(() => {
        socket.write(bytes.slice(20))
        socket.write(' second')
        socket.on('data', (data: Buffer) => socket.write(`<${String(data)}>`))
      })
    })
    const one = await serve(server)
    const client = await raw(one)
    await contains(client, 'first second')
    expect(client.received()).toMatch(/^HTTP\/1\.1 101 .*\r\nx-a: b\r\n/s)
    client.socket.write('abc')
    await contains(client, '<abc>')
    expect([one.log, one.findings]).toEqual([[], []])
  })

  test('gets what the client sent behind its request, and its end', async () => {
    const server = upgrading((socket) => {
      socket.write(SWITCH)
      let got = ''
      socket.on('data', (data: Buffer) => (got += String(data)))
      socket.on('end', () => socket.end(`got ${got}`))
    })
    const client = await raw(await serve(server), `${ASK}early`)
    await contains(client, '\r\n\r\n')
    client.socket.end(' and late')
    await contains(client, 'got early and late')
    await once(client.socket, 'end')
  })

  test('may end the connection, and its own side closes too', async () => {
    const closed = Promise.withResolvers<boolean>()
    const server = upgrading((socket) => {
      socket.on('close', (hadError: boolean) => closed.resolve(hadError))
      socket.resume()
      socket.end(`${SWITCH}bye`)
    })
    const client = await raw(await serve(server))
    await once(client.socket, 'end')
    expect(client.received()).toContain('bye')
    expect(await closed.promise).toBe(false)
  })

  test('sees by the socket that a client left before it was answered', async () => {
    const closed = Promise.withResolvers<void>()
    const asked = Promise.withResolvers<void>()
    const server = upgrading((socket) => {
      socket.on('close', () => closed.resolve())
      asked.resolve()
    })
    const client = await raw(await serve(server))
    await asked.promise
    client.socket.resetAndDestroy()
    await closed.promise
  })

  test('is not asked for h2c, which nobody serves by an upgrade', async () => {
    const one = await serve(echoServer())
    const { final } = await talk(one.port, ASK.replace('websocket', 'h2c'))
    expect(String(final?.body)).toBe('ordinary')
  })

  test('is missed once by the log where there is none', async () => {
    const one = await serve(http.createServer((_request, response) => response.end('ordinary')))
    for (let i = 0; i < 2; i++) expect(String((await talk(one.port, ASK)).final?.body)).toBe('ordinary')
    expect(one.log.filter((line) => line.includes("no 'upgrade' listener"))).toHaveLength(1)
  })

  test('is slowed by a client that does not read', async () => {
    let accepted = 0
    const server = upgrading((socket) => {
      socket.write(SWITCH)
      const piece = Buffer.alloc(64 * 1024)
      const send = (): void => {
        while (accepted < MUCH) {
          accepted += piece.length
          if (!socket.write(piece)) return
        }
        socket.end()
      }
      socket.on('drain', send)
      send()
    })
    const client = await raw(await serve(server))
    client.socket.pause()
    expect(await settled(() => accepted)).toBeLessThan(MUCH)
    client.socket.resume()
    await once(client.socket, 'end')
    expect(client.received().length).toBeGreaterThan(MUCH)
  })

  test('slows a client that it does not read from', async () => {
    const upgraded = Promise.withResolvers<Duplex>()
    const server = upgrading((socket) => {
      socket.write(SWITCH)
      upgraded.resolve(socket)
    })
    const client = await raw(await serve(server))
    const socket = await upgraded.promise
    let accepted = 0
    const piece = Buffer.alloc(64 * 1024)
    const send = (): void => {
      while (accepted < MUCH) {
        accepted += piece.length
        if (!client.socket.write(piece)) return
      }
      client.socket.end()
    }
    client.socket.on('drain', send)
    send()
    expect(await settled(() => accepted)).toBeLessThan(MUCH)
    let got = 0
    socket.on('data', (data: Buffer) => (got += data.length))
    await once(socket, 'end')
    expect(got).toBe(MUCH)
  })
})
