/** Connections that begin with a header of the PROXY protocol, over real sockets. */
import { once } from 'node:events'
import net from 'node:net'
import { text } from 'node:stream/consumers'
import tls from 'node:tls'
import { writeUwsgiPacket } from '@tsgi/cgi'
import { ACCEPT_OPTIONS, HttpServer } from '@tsgi/connection'
import type { Application } from '@tsgi/spec'
import type { ListenTarget, ServeOptions } from '@tsgi/spec/server'
import { describe, expect, it, onTestFinished } from 'vitest'
import { HeldTransport } from './held-transport.ts'
import { A } from './tls/certificates.ts'

const who: Application = (environ, start) => {
  start(200, [])
  return `${environ.remoteAddr} ${environ.remotePort === null ? '' : 'port'}`
}

async function listening(options: ServeOptions = {}, target: Partial<ListenTarget> = {}) {
  const log: string[] = []
  const http = new HttpServer(
    who,
    { trustedProxies: ['127.0.0.1'], log: (_level, message) => log.push(message), ...options },
    { name: 'proxied', multithread: true, multiprocess: false, runOnce: false },
  )
  const asked = { host: '127.0.0.1', port: 0, proxyProtocol: true, ...target } as ListenTarget
  await http.prepare([asked])
  const server = net.createServer(ACCEPT_OPTIONS).listen(0, '127.0.0.1')
  await once(server, 'listening')
  http.attach(server, asked)
  onTestFinished(async () => {
    server.close()
    await http.drain({ graceful: 0 })
  })
  const send = async (...pieces: readonly (string | Buffer)[]): Promise<string> => {
    const socket = net.connect((server.address() as net.AddressInfo).port, '127.0.0.1')
    socket.setNoDelay(true)
    for (const piece of pieces) {
      socket.write(piece)
      await new Promise((resolve) => setImmediate(resolve))
    }
    return await text(socket).catch(() => '')
  }
  return { http, target: asked, log, send, port: (server.address() as net.AddressInfo).port }
}

const HEADER = 'PROXY TCP6 2001:DB8:0:0::7 ::1 4711 80\r\n'
const REQUEST = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'

describe('a listener with the PROXY protocol', () => {
  it('takes the client from the header, however it is cut', async () => {
    const { send } = await listening()
    expect(await send(HEADER + REQUEST)).toMatch(/\r\n\r\n2001:db8::7 port$/)
    expect(await send(HEADER, REQUEST)).toMatch(/\r\n\r\n2001:db8::7 port$/)
    expect(await send(...Array.from(HEADER + REQUEST))).toMatch(/\r\n\r\n2001:db8::7 port$/)
  })

  it('is served as the proxy where the header names nobody', async () => {
    const { send } = await listening()
    expect(await send(`PROXY UNKNOWN\r\n${REQUEST}`)).toMatch(/\r\n\r\n127\.0\.0\.1 port$/)
    expect(await send(`\r\n\r\n\0\r\nQUIT\n\x20\0\0\0${REQUEST}`)).toMatch(/\r\n\r\n127\.0\.0\.1 port$/)
  })

  it('reads one header for all requests of a connection', async () => {
    const { send } = await listening()
    const kept = REQUEST.replace('Connection: close\r\n', '')
    expect((await send(HEADER + kept + kept + REQUEST)).match(/2001:db8::7/g)).toHaveLength(3)
    expect(await send(HEADER + HEADER + REQUEST)).toMatch(/^HTTP\/1\.1 400 /)
  })

  it('believes forwarding fields of the client that the header names, and not of the proxy', async () => {
    const { send } = await listening()
    const forwarded = REQUEST.replace('Host', 'X-Forwarded-For: 198.51.100.9\r\nHost')
    expect(await send(HEADER + forwarded)).toMatch(/2001:db8::7/)
    expect(await send(`PROXY TCP4 127.0.0.1 127.0.0.1 1 1\r\n${forwarded}`)).toMatch(/198\.51\.100\.9/)
  })

  it('closes what has no header or a malformed one, and says so', async () => {
    const { send, log } = await listening()
    expect(await send(REQUEST)).toBe('')
    expect(await send('PROXY TCP4 x\r\n')).toBe('')
    expect(log).toEqual([
      expect.stringMatching(/^PROXY protocol on 127\.0\.0\.1:\d+: expected a header of the PROXY protocol, got "GET/),
      expect.stringMatching(
        /expected PROXY TCP4 or TCP6 .* got "PROXY TCP4 x"; the connection of 127\.0\.0\.1 was closed/,
      ),
    ])
    expect(await send(HEADER + REQUEST)).toMatch(/^HTTP\/1\.1 200 /)
  })

  it('closes what comes from another than a trusted proxy', async () => {
    const { send, log } = await listening({ trustedProxies: ['10.0.0.1'] })
    expect(await send(HEADER + REQUEST)).toBe('')
    expect(log).toEqual([expect.stringMatching(/expected a trusted proxy, got 127\.0\.0\.1/)])
  })

  it('closes one whose header does not arrive in time', async () => {
    const { send, log } = await listening({ timeouts: { headers: 100 } })
    expect(await send('PROXY TCP4')).toBe('')
    expect(log).toEqual([expect.stringMatching(/expected the header within 100 ms/)])
  })

  it('does not take a TCP peer that has left already for one of a unix socket', async () => {
    const { http, target } = await listening({ trustedProxies: ['unix'] })
    const wire = new (class extends HeldTransport {
      override readonly remoteAddress = null
    })()
    http.accept(wire, target)
    expect(wire.state).toBe('destroyed')
  })

  it('does not start where nobody is trusted', async () => {
    await expect(listening({ trustedProxies: [] })).rejects.toMatchObject({ code: 'TSGI_ERR_OPTION' })
  })

  it('stands before a gateway as well, whose variables name the client', async () => {
    const { send } = await listening({}, { protocol: 'uwsgi' })
    const packet = writeUwsgiPacket(['REQUEST_METHOD', 'GET', 'REQUEST_URI', '/', 'REMOTE_ADDR', '203.0.113.5'])
    expect(await send(Buffer.from(HEADER), packet)).toMatch(/\r\n\r\n203\.0\.113\.5 $/)
  })

  it('stands before TLS, and names the client of what is encrypted', async () => {
    const { port } = await listening({ tls: { certificates: [A] } }, { protocol: 'https' })
    const socket = net.connect(port, '127.0.0.1')
    socket.write(HEADER)
    const secure = tls.connect({ socket, rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] })
    secure.write(REQUEST)
    expect(await text(secure)).toMatch(/\r\n\r\n2001:db8::7 port$/)
  })
})
