import type { Environ, HeaderList } from '@tsgi/spec'
import { describe, expect, it } from 'vitest'
import { environBlock, hasGoodEscapes } from './environ-block.ts'

const environ = (headers: HeaderList, more: Partial<Environ> = {}) =>
  ({
    requestMethod: 'GET',
    scriptName: '',
    pathInfo: '/a%20b',
    queryString: 'x=1',
    serverName: 'example.com',
    serverPort: 8080,
    serverProtocol: 'HTTP/1.1',
    urlScheme: 'http',
    remoteAddr: '127.0.0.1',
    remotePort: 4242,
    headers,
    ...more,
  }) as Environ

function variables(text: string): Record<string, string> {
  const words = text.split('\0')
  const pairs: [string, string][] = []
  for (let i = 0; i < words.length; i += 2) pairs.push([words[i] as string, words[i + 1] as string])
  expect(new Set(pairs.map(([key]) => key)).size).toBe(pairs.length)
  return Object.fromEntries(pairs)
}

describe('the environ of a worker', () => {
  it("has CGI's variables, the path as it was sent", () => {
    expect(
      variables(environBlock(environ(['host', 'example.com:8080', 'content-type', 'text/plain']), undefined)),
    ).toEqual({
      REQUEST_METHOD: 'GET',
      SCRIPT_NAME: '',
      PATH_INFO: '/a%20b',
      QUERY_STRING: 'x=1',
      REQUEST_URI: '/a%20b?x=1',
      SERVER_NAME: 'example.com',
      SERVER_PORT: '8080',
      SERVER_PROTOCOL: 'HTTP/1.1',
      REMOTE_ADDR: '127.0.0.1',
      REMOTE_PORT: '4242',
      HTTP_HOST: 'example.com:8080',
      CONTENT_TYPE: 'text/plain',
    })
  })

  it('joins repeated fields, cookies by their own separator', () => {
    const headers = ['x-a', '1', 'cookie', 'a=1', 'x-a', '2', 'cookie', 'b=2', 'x-a', '3']
    expect(variables(environBlock(environ(headers), undefined))).toMatchObject({
      HTTP_X_A: '1, 2, 3',
      HTTP_COOKIE: 'a=1; b=2',
    })
  })

  it('does not take a value for the name of a field', () => {
    expect(variables(environBlock(environ(['x-b', 'x-a', 'x-a', '1', 'x-a', '2']), undefined))).toMatchObject({
      HTTP_X_A: '1, 2',
      HTTP_X_B: 'x-a',
    })
  })

  it('leaves out look-alikes with an underscore, Proxy, and the framing that was undone', () => {
    const headers = ['x_a', 'evil', 'proxy', 'http://evil', 'transfer-encoding', 'chunked']
    expect(
      Object.keys(variables(environBlock(environ(headers), undefined))).filter((key) => key.startsWith('HTTP_')),
    ).toEqual([])
  })

  it('gives a body that was received whole its length', () => {
    expect(variables(environBlock(environ(['content-length', '07']), 7))).toMatchObject({ CONTENT_LENGTH: '7' })
  })

  it('has a port on a unix socket too', () => {
    const unix = { serverPort: null, remoteAddr: null, remotePort: null }
    expect(variables(environBlock(environ([], unix), undefined))).toMatchObject({ SERVER_PORT: '80', REMOTE_ADDR: '' })
  })
})

describe('the escapes of a path', () => {
  it.each([
    ['/a%20b', true],
    ['/', true],
    ['/%zz', false],
    ['/%', false],
    ['/%2', false],
  ])('of %s are good: %s', (path, good) => {
    expect(hasGoodEscapes(path)).toBe(good)
  })
})
