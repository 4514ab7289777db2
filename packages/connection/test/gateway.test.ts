/** Requests of a gateway, from the wire to the application and back. */
import { record, writeFastCgiBody, writeFastCgiRequest, writeUwsgiPacket } from '@tsgi/cgi'
import { HttpServer } from '@tsgi/connection'
import type { Application, Environ } from '@tsgi/spec'
import type { AccessRecord, ListenProtocol, ServeOptions } from '@tsgi/spec/server'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { HeldTransport } from './held-transport.ts'

async function gateway(protocol: ListenProtocol, app: Application, options: ServeOptions = {}) {
  const log: string[] = []
  const http = new HttpServer(
    app,
    { log: (_level, message) => log.push(message), ...options },
    { name: 'gateway', multithread: true, multiprocess: false, runOnce: false },
  )
  const target = { host: '127.0.0.1', port: 0, protocol }
  await http.prepare([target])
  const connect = (): HeldTransport => {
    const wire = new HeldTransport()
    http.accept(wire, target)
    return wire
  }
  return { http, log, connect, wire: connect() }
}

const variables = (changes: Readonly<Record<string, string>> = {}): string[] =>
  Object.entries({
    REQUEST_METHOD: 'GET',
    REQUEST_URI: '/shop/a%2Fb?c=d',
    SCRIPT_NAME: '/shop',
    PATH_INFO: '/shop/a/b',
    SERVER_PROTOCOL: 'HTTP/2.0',
    HTTPS: 'on',
    REMOTE_ADDR: '::ffff:203.0.113.9',
    REMOTE_PORT: '4711',
    SERVER_NAME: 'site.example',
    SERVER_PORT: '8443',
    HTTP_HOST: 'asked.example',
    HTTP_COOKIE: 'a=1',
    ...changes,
  }).flat()
const packet = (changes?: Readonly<Record<string, string>>): string =>
  writeUwsgiPacket(variables(changes)).toString('latin1')
const request = (changes?: Readonly<Record<string, string>>, keep = true): string =>
  writeFastCgiRequest(1, variables(changes), keep)

/** What the records of a response carry, and how many requests they end. */
function readRecords(sent: string): { readonly stdout: string; readonly ends: number } {
  let stdout = ''
  let ends = 0
  for (let at = 0; at < sent.length;) {
    const size = sent.charCodeAt(at + 4) * 256 + sent.charCodeAt(at + 5)
    const type = sent.charCodeAt(at + 1)
    if (type === 6) stdout += sent.slice(at + 8, at + 8 + size)
    if (type === 3) ends++
    at += 8 + size + sent.charCodeAt(at + 6)
  }
  return { stdout, ends }
}

const hello: Application = (_environ, start) => {
  start(200, ['content-type', 'text/plain'])
  return 'hello'
}

const readAll: Application = async (environ, start) => {
  let size = 0
  for await (const bytes of environ.input) size += bytes.length
  start(200, [])
  return `${size} bytes`
}

describe('a request of a gateway', () => {
  it.each(['uwsgi', 'fastcgi'] as const)('by %s has the environ that the gateway names', async (protocol) => {
    let seen: Environ | undefined
    const { wire } = await gateway(protocol, (environ, start) => {
      seen = environ
      return hello(environ, start)
    })
    wire.receive(protocol === 'uwsgi' ? packet() : request() + writeFastCgiBody(1, ''))
    expect(seen).toMatchObject({
      requestMethod: 'GET',
      scriptName: '/shop',
      pathInfo: '/a%2Fb',
      queryString: 'c=d',
      serverName: 'asked.example',
      serverPort: 443,
      serverProtocol: 'HTTP/2',
      urlScheme: 'https',
      remoteAddr: '203.0.113.9',
      remotePort: 4711,
      headers: ['host', 'asked.example', 'cookie', 'a=1'],
    })
    expect(seen?.server.upgrade).toBe(undefined)
  })

  it('without Host has the name and the port of the gateway', async () => {
    let seen: Environ | undefined
    const { wire } = await gateway('uwsgi', (environ, start) => {
      seen = environ
      return hello(environ, start)
    })
    wire.receive(packet({ HTTP_HOST: '' }))
    expect(seen).toMatchObject({ serverName: 'site.example', serverPort: 8443, headers: ['cookie', 'a=1'] })
    const unnamed = await gateway('uwsgi', (environ, start) => {
      seen = environ
      return hello(environ, start)
    })
    unnamed.wire.receive(packet({ HTTP_HOST: '', SERVER_NAME: '' }))
    expect(seen?.serverPort).toBe(8443)
  })

  it('believes what stands before a gateway that is itself behind a trusted proxy', async () => {
    let seen: Environ | undefined
    const app: Application = (environ, start) => {
      seen = environ
      return hello(environ, start)
    }
    const { wire, connect } = await gateway('uwsgi', app, { trustedProxies: ['10.0.0.0/8'] })
    wire.receive(packet({ REMOTE_ADDR: '10.1.2.3', HTTP_X_FORWARDED_FOR: '198.51.100.7' }))
    expect(seen?.remoteAddr).toBe('198.51.100.7')
    connect().receive(packet({ REMOTE_ADDR: '203.0.113.9', HTTP_X_FORWARDED_FOR: '198.51.100.7' }))
    expect(seen?.remoteAddr).toBe('203.0.113.9')
  })

  it('is in the access log as the client asked for it', async () => {
    const records: AccessRecord[] = []
    const { wire } = await gateway('uwsgi', hello, { access: (record) => records.push(record) })
    wire.receive(packet())
    expect(records).toMatchObject([
      {
        target: '/shop/a%2Fb?c=d',
        protocol: 'HTTP/2',
        status: 200,
        bytes: 5,
        remoteAddr: '203.0.113.9',
        complete: true,
      },
    ])
  })
})

describe('uwsgi', () => {
  it('is answered as HTTP/1.0 is, and the connection ends', async () => {
    const { wire } = await gateway('uwsgi', hello)
    wire.receive(packet())
    expect(wire.sent).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    expect(wire.sent).toMatch(/content-length: 5\r\nconnection: close\r\n\r\nhello$/)
    expect(wire.state).toBe('ended')
  })

  it('carries a body', async () => {
    const { wire } = await gateway('uwsgi', readAll)
    wire.receive(packet({ CONTENT_LENGTH: '10' }))
    wire.receive('hello')
    wire.receive('world')
    await turn()
    expect(wire.sent).toMatch(/10 bytes$/)
  })

  it('resets the connection where the response of unknown length is broken off', async () => {
    const { wire } = await gateway('uwsgi', (_environ, start) => {
      start(200, [])
      return (function* () {
        yield 'some'
        yield ''
        throw new Error('broken off')
      })()
    })
    wire.receive(packet())
    await turn()
    expect(wire.sent).not.toContain('content-length')
    expect(wire.state).toBe('reset')
  })

  it('answers what breaks a rule, and logs what is no uwsgi', async () => {
    const { wire, connect, log } = await gateway('uwsgi', hello)
    wire.receive(packet({ CONTENT_LENGTH: 'x' }))
    expect(wire.sent).toMatch(/^HTTP\/1\.1 400 /)
    const other = connect()
    other.receive('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    expect(other.sent).toBe('')
    expect(other.state).toBe('destroyed')
    expect(log).toEqual([
      expect.stringMatching(
        /^uwsgi on 192\.0\.2\.2:80: expected a uwsgi packet.* got plain HTTP .* 192\.0\.2\.1 was closed$/,
      ),
    ])
  })
})

describe('FastCGI', () => {
  it('is answered in records, one request after the other on one connection', async () => {
    const { wire, http } = await gateway('fastcgi', hello)
    const whole = request() + writeFastCgiBody(1, '')
    wire.receive(whole + whole)
    wire.receive(whole)
    const { stdout, ends } = readRecords(wire.sent)
    expect(ends).toBe(3)
    expect(
      stdout.match(/Status: 200 OK\r\ndate: [^\r]*\r\ncontent-type: text\/plain\r\ncontent-length: 5\r\n\r\nhello/g),
    ).toHaveLength(3)
    expect(wire.state).toBe('open')
    expect(http.stats()).toMatchObject({ connections: 1, requests: 3, active: 0 })
  })

  it('ends the connection where the gateway does not keep it, and while the server drains', async () => {
    const { wire, connect, http } = await gateway('fastcgi', hello)
    wire.receive(request({}, false) + writeFastCgiBody(1, ''))
    expect(wire.state).toBe('ended')
    const kept = connect()
    const draining = http.drain()
    kept.receive(request() + writeFastCgiBody(1, ''))
    expect(readRecords(kept.sent).ends).toBe(1)
    expect(kept.state).toBe('ended')
    wire.close()
    kept.close()
    await draining
  })

  it('carries bodies of any size, in records of at most 65,535 bytes', async () => {
    const { wire } = await gateway('fastcgi', async (environ, start) => {
      const parts: Uint8Array[] = []
      for await (const bytes of environ.input) parts.push(bytes)
      start(200, [])
      return parts.concat(Buffer.alloc(200_000, 'x'))
    })
    const body = 'y'.repeat(150_000)
    wire.receive(request({ CONTENT_LENGTH: '150000' }) + writeFastCgiBody(1, body) + writeFastCgiBody(1, ''))
    for (let i = 0; i < 20; i++) await turn()
    const { stdout, ends } = readRecords(wire.sent)
    expect(ends).toBe(1)
    expect(stdout.slice(stdout.indexOf('\r\n\r\n') + 4)).toBe(body + 'x'.repeat(200_000))
  })

  it('gives a body without a length to the application, whole', async () => {
    const { wire } = await gateway('fastcgi', readAll)
    wire.receive(request({ REQUEST_METHOD: 'POST', HTTP_TRANSFER_ENCODING: 'chunked' }) + writeFastCgiBody(1, 'hel'))
    await turn()
    wire.receive(writeFastCgiBody(1, 'lo') + writeFastCgiBody(1, ''))
    await turn()
    expect(readRecords(wire.sent).stdout).toContain('5 bytes')
    wire.receive(request() + writeFastCgiBody(1, ''))
    await turn()
    expect(readRecords(wire.sent).ends).toBe(2)
  })

  it('streams a body of unknown length, whose end END_REQUEST tells', async () => {
    const { wire } = await gateway('fastcgi', (_environ, start) => {
      start(200, [])
      return (async function* () {
        yield 'one '
        await turn()
        yield Buffer.from('two')
      })()
    })
    wire.receive(request() + writeFastCgiBody(1, ''))
    for (let i = 0; i < 5; i++) await turn()
    const { stdout, ends } = readRecords(wire.sent)
    expect(stdout).toMatch(/\r\n\r\none two$/)
    expect(ends).toBe(1)
    expect(wire.state).toBe('open')
  })

  it('resets the connection where the response is broken off, and sends no END_REQUEST', async () => {
    const { wire } = await gateway('fastcgi', (_environ, start) => {
      start(200, ['content-length', '100'])
      return (function* () {
        yield 'some'
        yield ''
        throw new Error('broken off')
      })()
    })
    wire.receive(request() + writeFastCgiBody(1, ''))
    await turn()
    expect(readRecords(wire.sent).ends).toBe(0)
    expect(wire.state).toBe('reset')
  })

  it('answers before the body has ended, and reads the next request behind its rest', async () => {
    const { wire } = await gateway('fastcgi', hello)
    wire.receive(request({ CONTENT_LENGTH: '10' }) + writeFastCgiBody(1, 'hello'))
    expect(readRecords(wire.sent).ends).toBe(1)
    wire.receive(writeFastCgiBody(1, 'world') + writeFastCgiBody(1, '') + request() + writeFastCgiBody(1, ''))
    expect(readRecords(wire.sent).ends).toBe(2)
  })

  it('sends no body to HEAD', async () => {
    const { wire } = await gateway('fastcgi', hello)
    wire.receive(request({ REQUEST_METHOD: 'HEAD' }) + writeFastCgiBody(1, ''))
    expect(readRecords(wire.sent).stdout).toMatch(/content-length: 5\r\n\r\n$/)
  })

  it('answers questions about itself between two requests', async () => {
    const { wire } = await gateway('fastcgi', hello)
    wire.receive(record(9, 0, '\x0f\0FCGI_MPXS_CONNS'))
    expect(wire.sent).toBe(record(10, 0, '\x0f\x01FCGI_MPXS_CONNS0'))
    wire.receive(request() + writeFastCgiBody(1, ''))
    expect(readRecords(wire.sent).ends).toBe(1)
  })

  it('tells the application that the gateway aborted the request', async () => {
    let aborted = false
    const { wire, http } = await gateway('fastcgi', async (environ, start) => {
      environ.server.signal.addEventListener('abort', () => (aborted = true))
      await new Promise(() => {})
      return hello(environ, start)
    })
    wire.receive(request() + writeFastCgiBody(1, ''))
    expect(aborted).toBe(false)
    wire.receive(record(2, 1, ''))
    expect(aborted).toBe(true)
    expect(readRecords(wire.sent).ends).toBe(1)
    expect(http.stats().connections).toBe(0)
  })

  it('logs what is no FastCGI, and closes that connection alone', async () => {
    const { wire, connect, log } = await gateway('fastcgi', hello)
    const other = connect()
    other.receive('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    expect(other.state).toBe('destroyed')
    expect(log).toEqual([expect.stringMatching(/^fastcgi on .*expected a FastCGI record of version 1, got plain HTTP/)])
    wire.receive(request() + writeFastCgiBody(1, ''))
    expect(readRecords(wire.sent).ends).toBe(1)
  })
})
