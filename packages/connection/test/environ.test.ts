/** What the application learns of a request and of its client. */
import type { Environ } from '@tsgi/spec'
import { describe, expect, test } from 'vitest'
import { deferred, serving } from './serving.ts'

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'

describe('the environ', () => {
  const environOf = async (text: string, options = {}): Promise<Environ> => {
    const seen = deferred<Environ>()
    const { exchange } = await serving((environ, start) => {
      seen.resolve(environ)
      start(200, [])
      return null
    }, options)
    await exchange(text)
    return seen.promise
  }
  test('has what was sent, undecoded', async () => {
    const environ = await environOf('PUT /a%2Fb/../c?d=%20e HTTP/1.0\r\nHost: example.org:81\r\nX: 1\r\nx: 2\r\n\r\n')
    expect(environ).toMatchObject({
      version: [1, 0],
      requestMethod: 'PUT',
      scriptName: '',
      pathInfo: '/a%2Fb/../c',
      queryString: 'd=%20e',
      serverName: 'example.org',
      serverPort: 81,
      serverProtocol: 'HTTP/1.0',
      urlScheme: 'http',
      remoteAddr: '127.0.0.1',
      headers: ['host', 'example.org:81', 'x', '1', 'x', '2'],
      multithread: true,
      multiprocess: false,
      runOnce: false,
    })
    expect(environ.remotePort).toBeGreaterThan(0)
    expect(environ.server.name).toBe('test')
  })
  test('its data survive JSON and a spread', async () => {
    const environ = await environOf(GET.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'))
    const { input: _i, errors: _e, server, ...data } = environ
    expect(JSON.parse(JSON.stringify(data))).toEqual(data)
    expect({ ...environ }.server).toBe(server)
  })
  test('names the listener where the client names no host', async () => {
    const environ = await environOf('GET / HTTP/1.0\r\n\r\n')
    expect(environ.serverName).toBe('127.0.0.1')
    expect(environ.serverPort).toBeGreaterThan(0)
  })
  test('has the port of the scheme where Host has none, and keeps IPv6 brackets', async () => {
    expect(await environOf('GET / HTTP/1.0\r\nHost: a\r\n\r\n')).toMatchObject({ serverName: 'a', serverPort: 80 })
    expect(await environOf('GET / HTTP/1.0\r\nHost: [::1]\r\n\r\n')).toMatchObject({
      serverName: '[::1]',
      serverPort: 80,
    })
    expect(await environOf('GET / HTTP/1.0\r\nHost: [::1]:5\r\n\r\n')).toMatchObject({
      serverName: '[::1]',
      serverPort: 5,
    })
  })

  const forwarded =
    'GET / HTTP/1.0\r\nHost: inner\r\nX-Forwarded-For: 6.6.6.6, 203.0.113.9\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: outer.example\r\n\r\n'
  test('believes a trusted proxy, and keeps the raw peer', async () => {
    const environ = await environOf(forwarded, { trustedProxies: ['127.0.0.0/8'] })
    expect(environ).toMatchObject({
      remoteAddr: '203.0.113.9',
      urlScheme: 'https',
      // The proxy may have passed on the X-Forwarded-Host of the client.
      serverName: 'inner',
      serverPort: 443,
    })
    expect(environ['tsgi.peer']).toMatchObject({ address: '127.0.0.1', port: expect.any(Number) })
  })
  test('believes a trusted proxy about the host and the port where the operator says so', async () => {
    const trusting = { trustedProxies: ['127.0.0.0/8'] }
    const host = await environOf(forwarded, { ...trusting, forwardedFields: ['for', 'proto', 'host'] })
    expect(host).toMatchObject({ remoteAddr: '203.0.113.9', serverName: 'outer.example', serverPort: 443 })
    const request = 'GET / HTTP/1.0\r\nHost: inner:81\r\nX-Forwarded-Port: 8443\r\n\r\n'
    expect(await environOf(request, { ...trusting, forwardedFields: ['port'] })).toMatchObject({
      serverName: 'inner',
      serverPort: 8443,
    })
    expect(await environOf(request, trusting)).toMatchObject({ serverPort: 81 })
  })
  test('believes nobody else, and passes the fields on untouched', async () => {
    for (const options of [{}, { trustedProxies: ['10.0.0.0/8'] }]) {
      const environ = await environOf(forwarded, options)
      expect(environ).toMatchObject({ remoteAddr: '127.0.0.1', urlScheme: 'http', serverName: 'inner', serverPort: 80 })
      expect('tsgi.peer' in environ).toBe(false)
      expect(environ.headers).toContain('6.6.6.6, 203.0.113.9')
    }
  })
})
