import { once } from 'node:events'
import http2 from 'node:http2'
import https from 'node:https'
import net from 'node:net'
import { text } from 'node:stream/consumers'
import tls from 'node:tls'
import { ACCEPT_OPTIONS, AcceptedSocket, HttpServer } from '@tsgi/connection'
import type { Application, Tls } from '@tsgi/spec'
import type { ListenTarget, ServeOptions, TlsOptions } from '@tsgi/spec/server'
import { afterEach, describe, expect, it } from 'vitest'
import { HeldTransport } from '../held-transport.ts'
import { answerOf } from '../http2/client.ts'
import { deferred, serving } from '../serving.ts'
import { A, AUTHORITY, B, CLIENT, EXPIRED, STRANGER } from './certificates.ts'

const shown: Application = (environ, startResponse) => {
  startResponse(200, ['content-type', 'application/json'])
  return JSON.stringify([environ.serverProtocol, environ.urlScheme, environ['tsgi.tls']])
}

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

interface Secure {
  readonly http: HttpServer
  readonly target: ListenTarget
  readonly port: number
  readonly log: string[]
}

async function secure(options: Partial<TlsOptions> = {}, app = shown, more: ServeOptions = {}): Promise<Secure> {
  const log: string[] = []
  const target = { host: '127.0.0.1', port: 0, protocol: 'https' } as const
  const http = new HttpServer(
    app,
    { tls: { certificates: [A], ...options }, log: (level, message) => log.push(`${level} ${message}`), ...more },
    { name: 'test', multithread: true, multiprocess: false, runOnce: false },
  )
  await http.prepare([target])
  const listener = net.createServer(ACCEPT_OPTIONS)
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  http.attach(listener, target)
  cleanups.push(
    () => http.drain({ graceful: 0 }),
    () => listener.close(),
  )
  return { http, target, port: (listener.address() as net.AddressInfo).port, log }
}

/** One request over HTTP/1.1, on a connection of its own. */
async function ask(port: number, options: https.RequestOptions & tls.ConnectionOptions = {}): Promise<string> {
  const request = https.get({ port, host: '127.0.0.1', ca: AUTHORITY.cert, agent: false, ...options })
  const [response] = (await once(request, 'response')) as [NodeJS.ReadableStream]
  return await text(response)
}

async function ask2(port: number, options: http2.SecureClientSessionOptions = {}): Promise<string> {
  const session = http2.connect(`https://127.0.0.1:${port}`, { ca: AUTHORITY.cert, ...options })
  cleanups.push(() => session.destroy())
  return (await answerOf(session.request({}))).body
}

async function handshake(port: number, options: tls.ConnectionOptions = {}): Promise<tls.TLSSocket> {
  const socket = tls.connect({ port, host: '127.0.0.1', ca: AUTHORITY.cert, ...options })
  cleanups.push(() => socket.destroy())
  await once(socket, 'secureConnect')
  socket.on('error', () => {})
  return socket
}

describe('a listener for https', () => {
  it('speaks HTTP/2 and HTTP/1.1 on one port, as the client asks', async () => {
    const { port } = await secure()
    expect(JSON.parse(await ask2(port))).toMatchObject(['HTTP/2', 'https', { alpn: 'h2', protocol: 'TLSv1.3' }])
    expect(JSON.parse(await ask(port))).toMatchObject(['HTTP/1.1', 'https', { alpn: null }])
    const named = JSON.parse(await ask(port, { ALPNProtocols: ['http/1.1'] })) as [string, string, Tls]
    expect(named[2].alpn).toBe('http/1.1')
  })

  it('chooses the certificate by the name that the client asks for', async () => {
    const { port } = await secure({ certificates: [A, B] })
    const subject = async (servername: string): Promise<string | undefined> =>
      (await handshake(port, { servername, checkServerIdentity: () => undefined })).getPeerX509Certificate()?.subject
    expect(await subject('x.b.test')).toBe('CN=b')
    expect(await subject('a.test')).toBe('CN=a')
    expect(await subject('other.test')).toBe('CN=a')
    expect(JSON.parse(await ask(port, { servername: 'a.test' }))[2].serverName).toBe('a.test')
  })

  it('asks for the certificate of a client, and says whose it is', async () => {
    const { port } = await secure({ ca: [AUTHORITY.cert], clientAuth: 'request' })
    const of = async (options: tls.ConnectionOptions): Promise<Tls> => JSON.parse(await ask(port, options))[2]
    expect(await of({ cert: CLIENT.cert, key: CLIENT.key })).toMatchObject({ authorized: true, subject: 'CN=client' })
    expect(await of({ cert: STRANGER.cert, key: STRANGER.key })).toMatchObject({ authorized: false, subject: null })
    expect(await of({})).toMatchObject({ authorized: false, subject: null })
  })

  it('turns a client away that has no valid certificate, where one is required', async () => {
    const { port } = await secure({ ca: [AUTHORITY.cert], clientAuth: 'require' })
    expect(await ask(port, { cert: CLIENT.cert, key: CLIENT.key })).toContain('CN=client')
    await expect(ask(port)).rejects.toThrow()
    await expect(ask(port, { cert: STRANGER.cert, key: STRANGER.key })).rejects.toThrow()
  })

  it('serves with a certificate that has expired since its server started', async () => {
    const { port, http } = await secure({ certificates: [EXPIRED] })
    const subject = async (): Promise<string | undefined> =>
      (await handshake(port, { rejectUnauthorized: false })).getPeerX509Certificate()?.subject
    expect(await subject()).toBe('CN=old')
    await http.renewTls({ certificates: [EXPIRED] })
    expect(await subject()).toBe('CN=old')
  })

  it('refuses versions below its oldest', async () => {
    const { port } = await secure({ minVersion: 'TLSv1.3' })
    await expect(handshake(port, { maxVersion: 'TLSv1.2' })).rejects.toThrow(/protocol version/)
    await handshake(port)
  })

  it('answers a request in clear text so that its sender reads why', async () => {
    const { port, log } = await secure()
    const socket = net.connect(port, '127.0.0.1')
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    expect(await text(socket)).toMatch(/^HTTP\/1.1 400 .*speaks HTTPS/s)
    expect(log).toEqual(['debug a connection to a TLS port began with something else, and was closed'])
  })

  it('is what a client meant that speaks TLS to a port in clear text, which closes', async () => {
    const server = await serving((_, start) => (start(200, []), 'hello'), {}, 'sockets')
    await expect(handshake(server.port)).rejects.toThrow()
    expect(server.log.map(({ level, message }) => `${level} ${message}`)).toEqual([
      'debug a connection to a port in clear text began with TLS, and was closed',
    ])
  })

  it('closes what is neither, and the others continue', async () => {
    const { port, http } = await secure()
    const open = await handshake(port, { ALPNProtocols: ['http/1.1'] })
    for (const bytes of ['\0\0\0', '\x16\x03\x01\xff\xff', '\x16\x03\x01\0\x05hello']) {
      const socket = net.connect(port, '127.0.0.1')
      socket.on('error', () => {})
      socket.end(Buffer.from(bytes, 'latin1'))
      await once(socket.resume(), 'close')
    }
    open.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    expect(await text(open)).toMatch(/^HTTP\/1.1 200/)
    await expect.poll(() => http.stats().connections).toBe(0)
  })

  it.each(['', '\x16\x03\x01'])('ends a handshake that does not come on (%j)', async (begun) => {
    const { port, http } = await secure({}, shown, { timeouts: { headers: 60 } })
    const socket = net.connect(port, '127.0.0.1')
    socket.on('error', () => {})
    if (begun !== '') socket.write(begun, 'latin1')
    await once(socket.resume(), 'close')
    await expect.poll(() => http.stats().connections).toBe(0)
  })

  it('answers a request whose handshake was on its way when the server began to drain', async () => {
    const { port, http } = await secure()
    const socket = tls.connect({ port, host: '127.0.0.1', ca: AUTHORITY.cert })
    await expect.poll(() => http.stats().connections).toBe(1)
    const drained = http.drain()
    socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    expect(await text(socket)).toMatch(/^HTTP\/1.1 200/)
    expect(await drained).toEqual({ cutOff: 0 })
  })
})

describe('a connection of TLS', () => {
  it('of a client that half-closes and reads nothing ends, and no error gets out of the server', async () => {
    const endless: Application = (_, start) => {
      start(200, [])
      return (function* () {
        for (;;) yield 'x'.repeat(60_000)
      })()
    }
    const { port, http } = await secure({}, endless, { timeouts: { halfClose: 60 } })
    const socket = await handshake(port)
    socket.pause()
    socket.end('GET /stream HTTP/1.0\r\n\r\n')
    await expect.poll(() => http.stats().requests).toBe(1)
    await expect.poll(() => http.stats().connections, { timeout: 4_000 }).toBe(0)
  })

  it('that has lost its TCP peer is not taken for one of a unix socket', async () => {
    const { http, target } = await secure({}, shown, { trustedProxies: ['unix'] })
    const listener = net.createServer(ACCEPT_OPTIONS, (socket) => {
      Object.defineProperty(socket, 'remoteAddress', { value: undefined })
      http.accept(new AcceptedSocket(socket), target)
    })
    listener.listen(0, '127.0.0.1')
    await once(listener, 'listening')
    cleanups.push(() => listener.close())
    await expect(ask2((listener.address() as net.AddressInfo).port)).rejects.toThrow()
    expect(http.stats().requests).toBe(0)
  })

  it('whose handshake begins while the server drains has the grace of one that is idle', async () => {
    const { http, target } = await secure({}, shown, { timeouts: { headers: 0 } })
    const [before, during] = [new HeldTransport(), new HeldTransport()]
    http.accept(before, target)
    const drained = http.drain({ idleGrace: 5 })
    http.accept(during, target)
    await expect.poll(() => [before.state, during.state]).toEqual(['destroyed', 'destroyed'])
    expect(await drained).toEqual({ cutOff: 0 })
  })
})

describe('certificates that are replaced', () => {
  it('serve new connections, and those that are open continue', async () => {
    const { port, http } = await secure()
    const open = await handshake(port)
    await http.renewTls({ certificates: [B] })
    const fresh = await handshake(port, { checkServerIdentity: () => undefined })
    expect(fresh.getPeerX509Certificate()?.subject).toBe('CN=b')
    open.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    expect(await text(open)).toMatch(/^HTTP\/1.1 200/)
  })

  it('stay as they were where the new ones are wrong', async () => {
    const { port, http } = await secure()
    await expect(http.renewTls({ certificates: [{ cert: A.cert, key: B.key }] })).rejects.toThrow(/another certificate/)
    await handshake(port)
  })
})

describe('resumption', () => {
  const session = async (port: number): Promise<Buffer> => {
    const got = deferred<Buffer>()
    const socket = await handshake(port, { maxVersion: 'TLSv1.2' })
    socket.on('session', (ticket) => got.resolve(ticket))
    const ticket = socket.getSession()
    if (ticket !== undefined) got.resolve(ticket)
    socket.end()
    return await got.promise
  }

  it('works between processes that share a secret, and between no others', async () => {
    const tickets = { secret: Buffer.alloc(32, 7).toString('base64'), period: 0 }
    const [one, two, other] = [await secure({ tickets }), await secure({ tickets }), await secure()]
    const ticket = await session(one.port)
    const resumed = async ({ port }: Secure): Promise<boolean> =>
      (await handshake(port, { session: ticket, maxVersion: 'TLSv1.2' })).isSessionReused()
    expect(await resumed(two)).toBe(true)
    expect(await resumed(other)).toBe(false)
  })
})
