import { describe, expect, test } from 'vitest'
import { TestServer, type Request } from '../test/run.ts'
import { wsgiEnviron } from './environ.ts'
import { receiveBody, type RequestBody } from './request-body.ts'
import { decodeWsgi } from './wsgi.ts'

const settings = { memory: 1024, directory: '/nowhere' }

function make(request: Request) {
  const environ = new TestServer().environ(request)
  return wsgiEnviron(environ, receiveBody(environ.input, settings) as RequestBody)
}

describe('the keys of CGI', () => {
  test('are there, as strings, with what the server knows', () => {
    const environ = make({ method: 'PUT', scriptName: '/shop', path: '/cart', query: 'a=1' })
    expect(environ).toMatchObject({
      REQUEST_METHOD: 'PUT',
      SCRIPT_NAME: '/shop',
      PATH_INFO: '/cart',
      QUERY_STRING: 'a=1',
      SERVER_NAME: 'shop.example',
      SERVER_PORT: '8080',
      SERVER_PROTOCOL: 'HTTP/1.1',
      SERVER_SOFTWARE: 'test/1',
      REMOTE_ADDR: '192.0.2.7',
      REMOTE_PORT: '50123',
    })
  })

  test('SERVER_PORT is never empty, as on a unix socket; REMOTE_ADDR may be', () => {
    const unix = { serverPort: null, remoteAddr: null, remotePort: null } as const
    expect(make({ environ: unix })).toMatchObject({ SERVER_PORT: '80', REMOTE_ADDR: '', REMOTE_PORT: '' })
    expect(make({ environ: { ...unix, urlScheme: 'https' } })).toMatchObject({ SERVER_PORT: '443' })
  })

  test('the path is decoded to one character per byte, an encoded slash too', () => {
    const environ = make({ scriptName: '/sh%6Fp', path: '/caf%C3%A9%2Fx' })
    expect(environ).toMatchObject({ SCRIPT_NAME: '/shop', PATH_INFO: '/cafÃ©/x' })
    expect(decodeWsgi(environ?.PATH_INFO ?? '')).toBe('/café/x')
  })

  test.each(['/%', '/%4', '/%zz', '/a%2'])('%s has no decoding', (path) => {
    expect(make({ path })).toBeNull()
  })
})

describe('fields', () => {
  test('become HTTP_ keys, but for the two that CGI names', () => {
    const headers = ['user-agent', 'curl', 'content-type', 'text/plain', 'content-length', '0']
    const environ = make({ headers })
    expect(environ).toMatchObject({ HTTP_USER_AGENT: 'curl', CONTENT_TYPE: 'text/plain', CONTENT_LENGTH: '0' })
    expect(environ).not.toHaveProperty('HTTP_CONTENT_TYPE')
    expect(environ).not.toHaveProperty('HTTP_CONTENT_LENGTH')
  })

  test('that repeat are joined, cookies by their own separator', () => {
    const environ = make({ headers: ['via', '1.1 a', 'cookie', 'a=1', 'via', '1.1 b', 'cookie', 'b=2'] })
    expect(environ).toMatchObject({ HTTP_VIA: '1.1 a, 1.1 b', HTTP_COOKIE: 'a=1; b=2' })
  })

  test('with an underscore are left out, since they would be taken for those with a hyphen', () => {
    expect(make({ headers: ['x_user', 'root', 'x-user', 'me'] })).toMatchObject({ HTTP_X_USER: 'me' })
  })

  test('of framing are replaced by the length of what was received', () => {
    const environ = make({ headers: ['transfer-encoding', 'chunked'], body: ['abc', 'de'] })
    expect(environ).toMatchObject({ CONTENT_LENGTH: '5' })
    expect(environ).not.toHaveProperty('HTTP_TRANSFER_ENCODING')
  })

  test('that nobody sent have no key', () => {
    const environ = make({})
    expect(environ).not.toHaveProperty('CONTENT_TYPE')
    expect(environ).not.toHaveProperty('CONTENT_LENGTH')
  })
})

describe('the keys of wsgi', () => {
  test('tell the version, the scheme and the three flags', () => {
    expect(make({ environ: { multithread: false, multiprocess: true, runOnce: true } })).toMatchObject({
      'wsgi.version': [1, 0],
      'wsgi.url_scheme': 'http',
      'wsgi.multithread': false,
      'wsgi.multiprocess': true,
      'wsgi.run_once': true,
      'wsgi.input_terminated': true,
    })
  })

  test('errors is the log of the server', () => {
    const server = new TestServer()
    const environ = server.environ({})
    const errors = wsgiEnviron(environ, receiveBody(environ.input, settings) as RequestBody)?.['wsgi.errors']
    errors?.write('one\n')
    errors?.writelines(['two\n', 'three\n'])
    errors?.flush()
    expect(server.log).toEqual(['one\n', 'two\n', 'three\n'])
  })

  test('file_wrapper reads a file block by block and closes it', () => {
    const left = ['abc', 'd']
    let open = true
    const file = { read: (size: number) => (left.shift() ?? '').slice(0, size), close: () => void (open = false) }
    const wrapped = make({})?.['wsgi.file_wrapper'](file, 3)
    expect([...(wrapped ?? [])]).toEqual(['abc', 'd'])
    expect(open).toBe(true)
    wrapped?.close()
    expect(open).toBe(false)
  })
})
