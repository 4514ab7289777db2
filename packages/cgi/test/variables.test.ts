import { describe, expect, it } from 'vitest'
import { writeFastCgiRequest, writeUwsgiPacket } from '../src/index.ts'
import { collect, requestIn, type Reported, variables } from './collect.ts'

const reported = (list: readonly string[], limits = {}): Reported[] =>
  collect('uwsgi', [writeUwsgiPacket(list)], limits)
const request = (changes: Readonly<Record<string, string | null>>) => requestIn(reported(variables(changes)))
const refusal = (changes: Readonly<Record<string, string | null>>, limits = {}) => {
  const [first] = reported(variables(changes), limits)
  return first?.type === 'error' ? first.status : first?.type
}

describe('the variables of a gateway', () => {
  it('make a request', () => {
    expect(request({})).toEqual({
      type: 'request',
      method: 'GET',
      path: '/a%2Fb',
      query: 'c=d',
      scriptName: '',
      headers: ['host', 'example.org'],
      host: 'example.org',
      serverName: 'example.org',
      serverPort: 80,
      protocol: 'HTTP/1.1',
      scheme: 'http',
      remoteAddr: '192.0.2.1',
      remotePort: 4711,
      bodyLength: 0,
      keepAlive: false,
      minorVersion: 0,
      expectContinue: false,
      upgrade: null,
    })
  })

  it('name the fields, whose repeats are kept', () => {
    const list = [...variables({ HTTP_HOST: null }), 'HTTP_X_A', ' 1 ', 'HTTP_ACCEPT', '*/*', 'HTTP_X_A', '2']
    expect(requestIn(reported(list)).headers).toEqual(['x-a', '1', 'accept', '*/*', 'x-a', '2'])
  })

  it('name no field of the connection between client and gateway', () => {
    const ofConnection = { HTTP_CONNECTION: 'upgrade', HTTP_UPGRADE: 'websocket', HTTP_TE: 'trailers' }
    expect(request({ ...ofConnection, HTTP_EXPECT: '100-continue' }).headers).toEqual(['host', 'example.org'])
  })

  it('give length and type of a body by the variables without prefix', () => {
    const { headers, bodyLength } = request({
      CONTENT_LENGTH: '5',
      CONTENT_TYPE: 'text/plain',
      HTTP_CONTENT_LENGTH: '7',
      HTTP_CONTENT_TYPE: 'x/y',
      HTTP_TRANSFER_ENCODING: 'chunked',
    })
    expect(bodyLength).toBe(5)
    expect(headers).toEqual(['host', 'example.org', 'content-type', 'text/plain', 'content-length', '5'])
  })

  it('give a body of unknown length by Transfer-Encoding without a length', () => {
    for (const CONTENT_LENGTH of ['', null]) {
      const list = variables({ CONTENT_LENGTH, HTTP_TRANSFER_ENCODING: ' chunked' })
      const { headers, bodyLength } = requestIn(collect('fastcgi', [writeFastCgiRequest(1, list, true)], {}, false))
      expect(bodyLength).toBe(-1)
      expect(headers).toEqual(['host', 'example.org', 'transfer-encoding', 'chunked'])
    }
  })

  it('give the last Host and the last SCRIPT_NAME of several, as a configuration does that overrides another', () => {
    const list = [
      ...variables({ REQUEST_URI: '/shop/a' }),
      'HTTP_HOST',
      'b:81',
      'SCRIPT_NAME',
      '/x',
      'SCRIPT_NAME',
      '/shop',
    ]
    const { host, headers, scriptName } = requestIn(reported(list))
    expect({ host, headers, scriptName }).toEqual({ host: 'b:81', headers: ['host', 'b:81'], scriptName: '/shop' })
  })

  it.each([
    ['/shop/env', '/shop', '/shop'],
    ['/shop', '/shop', '/shop'],
    ['/shop/env', '/shop/', '/shop'],
    ['/%73hop/env', '/shop', '/%73hop'],
    ['/a/b', '', ''],
    ['/a/b', '/', ''],
  ])('mount the target %s at %s', (uri, mount, scriptName) => {
    expect(request({ REQUEST_URI: uri, SCRIPT_NAME: mount }).scriptName).toBe(scriptName)
  })

  it('mount nothing where SCRIPT_NAME is all that there is, as fastcgi_params of nginx has it', () => {
    expect(request({ REQUEST_URI: '/a/b', SCRIPT_NAME: '/a/b', PATH_INFO: null }).scriptName).toBe('')
  })

  it.each([
    ['on', '', 'https'],
    ['off', 'https', 'http'],
    ['', 'https', 'https'],
    ['', '', 'http'],
    ['1', 'http', 'https'],
  ])('with HTTPS %j and REQUEST_SCHEME %j make the scheme %s', (https, scheme, expected) => {
    expect(request({ HTTPS: https, REQUEST_SCHEME: scheme }).scheme).toBe(expected)
  })

  it.each([
    ['HTTP/2.0', 'HTTP/2'],
    ['HTTP/3.0', 'HTTP/3'],
    ['HTTP/1.0', 'HTTP/1.0'],
    ['', 'HTTP/1.0'],
  ])('with SERVER_PROTOCOL %j are of %s', (given, expected) => {
    expect(request({ SERVER_PROTOCOL: given }).protocol).toBe(expected)
  })

  it('name nobody where the client is on a unix socket', () => {
    expect(request({ REMOTE_ADDR: 'unix:', REMOTE_PORT: '' })).toMatchObject({ remoteAddr: null, remotePort: null })
  })

  it('take the authority of an absolute target', () => {
    expect(request({ REQUEST_URI: 'http://u:2/x?y' })).toMatchObject({
      path: '/x',
      query: 'y',
      host: 'u:2',
      headers: ['host', 'u:2'],
    })
    expect(request({ REQUEST_METHOD: 'OPTIONS', REQUEST_URI: '*' }).path).toBe('*')
  })

  it.each<[string, Readonly<Record<string, string | null>>, number]>([
    ['no method', { REQUEST_METHOD: '' }, 400],
    ['a method that is no token', { REQUEST_METHOD: 'G T' }, 400],
    ['an overlong method', { REQUEST_METHOD: 'M'.repeat(33) }, 501],
    ['CONNECT', { REQUEST_METHOD: 'CONNECT', REQUEST_URI: 'a:1' }, 501],
    ['no target', { REQUEST_URI: null }, 400],
    ['a target with a space', { REQUEST_URI: '/a b' }, 400],
    ['a target with a byte over 7F', { REQUEST_URI: '/\xe9' }, 400],
    ['a target with a backslash', { REQUEST_URI: '/a\\b' }, 400],
    ['a target that is no path', { REQUEST_URI: 'a' }, 400],
    ['a target that leads past the mount', { REQUEST_URI: '/shopping', SCRIPT_NAME: '/shop' }, 400],
    ['a value with a line end', { HTTP_X: 'a\r\nb: c' }, 400],
    ['a malformed name', { 'HTTP_X Y': 'a' }, 400],
    ['a length that is no number', { CONTENT_LENGTH: '5x' }, 400],
    ['a negative length', { CONTENT_LENGTH: '-1' }, 400],
    ['a length that no number holds', { CONTENT_LENGTH: '9007199254740993' }, 400],
    ['a long target', { REQUEST_URI: `/${'a'.repeat(9000)}` }, 414],
    ['long fields', { HTTP_X: 'a'.repeat(17_000) }, 431],
    ['a long body', { CONTENT_LENGTH: '999999999999' }, 413],
  ])('with %s are refused', (_what, changes, status) => {
    expect(refusal(changes)).toBe(status)
  })

  it('are refused with two lengths that differ, and with too many fields', () => {
    const two = [...variables({ CONTENT_LENGTH: '5' }), 'CONTENT_LENGTH', '6']
    expect(reported(two)).toMatchObject([{ type: 'error', status: 400 }])
    const many = variables(Object.fromEntries(Array.from({ length: 4 }, (_, i) => [`HTTP_X${i}`, ''])))
    expect(reported(many, { maxHeaders: 3 })).toMatchObject([{ type: 'error', status: 431 }])
  })
})
