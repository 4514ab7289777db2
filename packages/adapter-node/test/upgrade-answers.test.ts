/** What an `upgrade` listener answers in the place of a 101, and what it throws. */
import { once } from 'node:events'
import http from 'node:http'
import type net from 'node:net'
import type { Duplex } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { eventLoop, roundTrip } from './hosts.ts'
import { ASK, MUCH, raw, serve, SWITCH, upgrading } from './upgrade-world.ts'
import { settled, talk } from './wire.ts'

describe('an upgrade listener', () => {
  test.each([
    ['with a length', 'Content-Length: 5\r\n\r\nno es', 'no es'],
    ['in chunks', 'Transfer-Encoding: chunked\r\n\r\n5\r\nno es\r\n0\r\n\r\n', 'no es'],
    ['until the end', '\r\nno es', 'no es'],
    ['without a body', 'Content-Length: 0\r\n\r\n', ''],
  ])('may answer with another status, %s', async (_how, rest, body) => {
    const server = upgrading((socket) => {
      socket.write('HTTP/1.1 401 Unauthorized\r\nConnection: keep-alive\r\nX-Why: because\r\n')
      socket.end(rest)
    })
    const one = await serve(server)
    const { final } = await talk(one.port, ASK)
    expect(final).toMatchObject({ status: 401, complete: true })
    expect(final?.fields).toEqual(
      expect.arrayContaining([
        ['x-why', 'because'],
        ['connection', 'close'],
      ]),
    )
    expect(String(final?.body)).toBe(body)
    expect(one.log.join()).toContain('refused: 401 Unauthorized')
    expect(one.findings).toEqual([])
  })

  test.each([
    ['with a length', 'Content-Length: 12\r\n\r\n'],
    ['in chunks', 'Transfer-Encoding: chunked\r\n\r\nC\r\n'],
    ['until the end', '\r\n'],
  ])('may refuse in several writes and destroy the connection at once, %s', async (how, rest) => {
    const server = upgrading((socket) => {
      socket.write(`HTTP/1.1 404 Not Found\r\n${rest}`)
      socket.write('no such ')
      socket.write(how === 'in chunks' ? 'room\r\n0\r\n\r\n' : 'room')
      socket.destroy()
    })
    const one = await serve(server)
    const { final } = await talk(one.port, ASK)
    expect(final).toMatchObject({ status: 404, complete: true })
    expect(String(final?.body)).toBe('no such room')
    expect(one.log.join()).toContain('refused: 404 Not Found ("no such room")')
    expect(one.findings).toEqual([])
  })

  test('that refuses at length waits for a client that does not read', async () => {
    let accepted = 0
    const server = upgrading((socket) => {
      socket.write('HTTP/1.1 404 Not Found\r\n\r\n')
      const piece = Buffer.alloc(64 * 1024, 'x')
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

  test('may answer by a ServerResponse of its own', async () => {
    const server = upgrading((socket, request) => {
      const response = new http.ServerResponse(request)
      response.assignSocket(socket as net.Socket)
      response.writeHead(403, { 'x-a': 'b' }).end('not you')
    })
    const { final } = await talk((await serve(server)).port, ASK)
    expect([final?.status, String(final?.body)]).toEqual([403, 'not you'])
  })

  test.each([
    ['destroys the connection', (socket: Duplex) => socket.destroy()],
    ['ends it', (socket: Duplex) => socket.end()],
    ['ends it within a head', (socket: Duplex) => socket.end('HTTP/1.1 101 Sw')],
  ])('that %s without a response is answered for with 400', async (_what, listener) => {
    const one = await serve(upgrading(listener))
    const { final } = await talk(one.port, ASK)
    expect(final?.status).toBe(400)
    expect(one.log.join()).toContain('closed the connection without a response')
  })

  test.each([
    ['writes what is no response', (socket: Duplex) => socket.write('SSH-2.0-x\r\n'), 'expected an HTTP response'],
    ['accepts another protocol', (socket: Duplex) => socket.write(SWITCH.replace('websocket', 'h5')), 'h5'],
    [
      'throws',
      () => {
        throw new Error('planned')
      },
      'planned',
    ],
  ])('that %s is answered for with 500, and logged', async (_what, listener, reason) => {
    const one = await serve(upgrading(listener))
    expect((await talk(one.port, ASK)).final?.status).toBe(500)
    expect(one.log.join()).toContain(reason)
  })

  const planned = (): never => {
    throw new Error('planned')
  }

  test.each([eventLoop, roundTrip])('that throws behind its 101 is logged, over $name', async (host) => {
    const sockets = new WebSocketServer({ noServer: true })
    const server = http.createServer()
    server.on('upgrade', (request, socket, head) => sockets.handleUpgrade(request, socket, head, planned))
    const one = await serve(server, host)
    const socket = new WebSocket(`ws://127.0.0.1:${one.port}/chat`)
    socket.on('error', () => {})
    await once(socket, 'close')
    expect(one.log.join()).toMatch(/the 'upgrade' listener failed after it had answered: Error: planned/)
    expect(one.findings).toEqual([])
  })

  test('that throws behind a whole refusal is logged, and the refusal sent', async () => {
    const one = await serve(
      upgrading((socket) => {
        socket.write('HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\n')
        socket.write('no')
        planned()
      }),
    )
    const { final } = await talk(one.port, ASK)
    expect([final?.status, String(final?.body)]).toEqual([401, 'no'])
    expect(one.log.join()).toMatch(/failed after it had answered: Error: planned/)
  })

  test('that throws within a refusal without a length has it broken off, and is logged', async () => {
    const one = await serve(
      upgrading((socket) => {
        socket.write('HTTP/1.1 401 Unauthorized\r\n\r\nno')
        planned()
      }),
    )
    const { final } = await talk(one.port, ASK)
    expect(final?.status === 401 && final.complete).toBe(false)
    expect(one.log.join()).toContain('Error: planned')
  })
})
