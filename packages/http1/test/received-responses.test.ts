/** HTTP/1.1 responses as a client reads them, rule by rule. */
import { describe, expect, test } from 'vitest'
import { type ReceivedResponse, ResponseFormatError, ResponseReader, type ResponseError } from '../src/index.ts'
import { collectText, type Options } from './collect-responses.ts'

const ok = (fields = '', body = ''): string => `HTTP/1.1 200 OK\r\n${fields}\r\n${body}`
const CHUNKED = 'Transfer-Encoding: chunked\r\n'

const types = (text: string, options?: Options): string[] => collectText(text, options).map(({ type }) => type)

function head(text: string, options: Options = {}): ReceivedResponse {
  const found = collectText(text, { end: false, ...options }).find(({ type }) => type === 'response')
  if (found?.type !== 'response') throw new Error(`expected a response, got ${JSON.stringify(found)}`)
  return found
}

function error(text: string, options: Options = {}): ResponseError {
  const last = collectText(text, { end: false, ...options }).at(-1)
  if (last?.type !== 'error') throw new Error(`expected an error, got ${JSON.stringify(last)}`)
  return last
}

function body(text: string, options: Options = {}): string {
  const reported = collectText(text, options)
  expect(reported.map(({ type }) => type)).not.toContain('error')
  return reported.map((event) => (event.type === 'data' ? event.text : '')).join('')
}

describe('the status line (RFC 9112 §4)', () => {
  test('is a version, a status and a reason', () => {
    expect(head('HTTP/1.0 404 Not \xe9 Found\r\n\r\n')).toMatchObject({
      minorVersion: 0,
      status: 404,
      reason: 'Not \xe9 Found',
    })
  })
  test('may have an empty reason, with or without the space before it', () => {
    expect(head('HTTP/1.1 200 \r\n\r\n').reason).toBe('')
    expect(head('HTTP/1.1 200\r\n\r\n').reason).toBe('')
  })
  test('of a later minor version is read as HTTP/1.1', () => {
    expect(head('HTTP/1.7 200 OK\r\n\r\n').minorVersion).toBe(1)
  })
  test.each([
    'HTP/1.1 200 OK\r\n\r\n',
    'HTTP/2.0 200 OK\r\n\r\n',
    'http/1.1 200 OK\r\n\r\n',
    'HTTP/1.1  200 OK\r\n\r\n',
    'HTTP/1.1 20 OK\r\n\r\n',
    'HTTP/1.1 2000 OK\r\n\r\n',
    'HTTP/1.1 099 OK\r\n\r\n',
    'HTTP/1.1 600 OK\r\n\r\n',
    'HTTP/1.1 200 OK\n\r\n',
    'HTTP/1.1 200 O\rK\r\n\r\n',
    'HTTP/1.1 200 O\0K\r\n\r\n',
    '\r\nHTTP/1.1 200 OK\r\n\r\n',
  ])('%j is refused', (text) => expect(error(text).clause).toBe('RFC 9112 §4'))
  test('that is wrong is refused at its first wrong byte', () => expect(error('HTTX').message).toContain("'X'"))
  test('has a reason of at most 1 KiB', () => {
    expect(head(`HTTP/1.1 200 ${'r'.repeat(1024)}\r\n\r\n`).reason).toHaveLength(1024)
    expect(error(`HTTP/1.1 200 ${'r'.repeat(1025)}`).clause).toBe('RFC 9112 §4')
  })
})

describe('fields (RFC 9112 §5)', () => {
  test('have lower-case names and trimmed values, in order, repeated ones apart', () => {
    expect(head(ok('Set-Cookie: a=1\r\nX-Tab:\t b \r\nset-cookie: c=2\r\n')).headers).toEqual([
      'set-cookie',
      'a=1',
      'x-tab',
      'b',
      'set-cookie',
      'c=2',
    ])
  })
  test('of one response are not those of the next', () => {
    const text = ok('Content-Length: 1\r\nConnection: close\r\nX: 1\r\n', 'a') + ok('Content-Length: 0\r\n')
    const heads = collectText(text, { methods: ['GET', 'GET'] }).filter((event) => event.type === 'response')
    expect(heads.map(({ headers, keepAlive }) => [headers.length / 2, keepAlive])).toEqual([
      [3, false],
      [1, true],
    ])
  })
  test.each([
    'a : b\r\n',
    ' a: b\r\n',
    'a: b\n',
    'a: b\rc\r\n',
    ': b\r\n',
    'a\r\n',
    'a: \0\r\n',
    'content_length: 1\r\n',
  ])('%j is refused', (fields) => expect(error(ok(fields)).clause).toBe('RFC 9112 §5'))
  test('are limited in size and number', () => {
    expect(error(ok(`x: ${'v'.repeat(100)}\r\n`), { limits: { maxHeaderSize: 100 } }).message).toContain('100 bytes')
    expect(error(ok('x: y\r\n'.repeat(11)), { limits: { maxHeaders: 10 } }).message).toContain('10 header fields')
  })
})

describe('the body (RFC 9112 §6.3)', () => {
  test.each([
    ['HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n'],
    ['HEAD', `HTTP/1.1 200 OK\r\n${CHUNKED}\r\n`],
    ['GET', 'HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n'],
    ['GET', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n'],
    ['GET', `HTTP/1.1 304 Not Modified\r\n${CHUNKED}\r\n`],
  ])('is absent after %s and %j, whatever the fields say', (method, text) => {
    const reported = collectText(text + ok('Content-Length: 0\r\n'), { methods: [method, 'GET'] })
    expect(reported.map(({ type }) => type)).toEqual(['response', 'end', 'response', 'end', 'eof'])
    expect(reported[0]).toMatchObject({ framing: 'none', bodyLength: 0, keepAlive: true })
  })
  test.each([
    'Content-Length: 1x\r\n',
    'Content-Length: 1\r\nContent-Length: 2\r\n',
    `Content-Length: 1\r\n${CHUNKED}`,
  ])('with %j is refused after HEAD too, where others may believe it', (fields) =>
    expect(error(ok(fields), { methods: ['HEAD'] }).clause).toBe('RFC 9112 §6.3'),
  )
  test('has as many bytes as Content-Length says', () => {
    expect(head(ok('Content-Length: 5\r\n'))).toMatchObject({ framing: 'length', bodyLength: 5 })
    expect(body(ok('Content-Length: 5\r\n', 'hello'))).toBe('hello')
    expect(types(ok('Content-Length: 0\r\n'))).toEqual(['response', 'end', 'eof'])
  })
  test('is read in chunks, with their trailers', () => {
    const text = ok(CHUNKED, '5;a=b\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n')
    expect(body(text)).toBe('hello')
    expect(collectText(text).find(({ type }) => type === 'end')).toEqual({ type: 'end', trailers: ['x-sum', '1'] })
    expect(head(text)).toMatchObject({ framing: 'chunked', bodyLength: -1 })
  })
  test('lasts until the end of the connection where nothing says how long it is', () => {
    expect(body(ok('', 'a\r\n\r\nHTTP/1.1 200 OK'))).toBe('a\r\n\r\nHTTP/1.1 200 OK')
    expect(head(ok(''))).toMatchObject({ framing: 'close', bodyLength: -1, keepAlive: false })
    expect(types(ok('', 'a'), { end: false })).toEqual(['response', 'data'])
  })
  test.each([
    ['Content-Length: 1\r\nContent-Length: 1\r\n', 'more than one Content-Length'],
    ['Content-Length: 1, 1\r\n', 'decimal number'],
    ['Content-Length: +1\r\n', 'decimal number'],
    [`Content-Length: 1\r\n${CHUNKED}`, 'together'],
    [`${CHUNKED}${CHUNKED}`, '"chunked"'],
    ['Transfer-Encoding: gzip, chunked\r\n', '"chunked"'],
    ['Transfer-Encoding: chunked, gzip\r\n', '"chunked"'],
  ])('with %j is refused', (fields, message) => {
    expect(error(ok(fields))).toMatchObject({ clause: 'RFC 9112 §6.3', message: expect.stringContaining(message) })
  })
  test('of HTTP/1.0 has no chunks', () => {
    expect(error(`HTTP/1.0 200 OK\r\n${CHUNKED}\r\n`).clause).toBe('RFC 9112 §6.3')
  })
  test.each(['x\r\n', '1\nx', '1\r\nxy\r\n', '-1\r\n', '\r\n', '0\r\nContent-Length: 1\r\n'])(
    'in chunks %j is refused',
    (chunks) => expect(error(ok(CHUNKED, chunks)).clause).toBe('RFC 9112 §7.1'),
  )
  test.each([
    ['a length', ok('Content-Length: 11\r\n', 'x'.repeat(11))],
    ['chunks', ok(CHUNKED, `6\r\nxxxxxx\r\n5\r\nxxxxx\r\n0\r\n\r\n`)],
    ['the end of the connection', ok('', 'x'.repeat(11))],
  ])('with %s is refused beyond the limit', (_how, text) => {
    expect(error(text, { limits: { maxBodySize: 10 } }).message).toContain('larger than 10 bytes')
    expect(body(text, { limits: { maxBodySize: 11 } })).toHaveLength(11)
  })
  test('is given in pieces of the size that is asked for', () => {
    for (const text of [
      ok('Content-Length: 5\r\n', 'hello'),
      ok('', 'hello'),
      ok(CHUNKED, '5\r\nhello\r\n0\r\n\r\n'),
    ]) {
      const reader = new ResponseReader()
      reader.expect('GET')
      reader.receive(Buffer.from(text))
      const sizes: number[] = []
      for (
        let event = reader.parser.next(2);
        event.type !== 'end' && event.type !== 'need-more';
        event = reader.parser.next(2)
      ) {
        if (event.type === 'data') sizes.push(event.bytes.length)
      }
      expect(sizes).toEqual([2, 2, 1])
    }
  })
})

describe('an incomplete response (RFC 9112 §8)', () => {
  test.each([
    'HTTP/1.1 2',
    'HTTP/1.1 200 OK\r\nA: b\r\n',
    ok('Content-Length: 5\r\n', 'hel'),
    ok(CHUNKED, '5\r\nhello\r\n'),
  ])('%j is an error at the end of the connection', (text) =>
    expect(error(text, { end: true })).toMatchObject({ clause: 'RFC 9112 §8', incomplete: true }),
  )
  test('does not include a connection that ends without one', () => expect(types('')).toEqual(['eof']))
})

describe('interim responses (RFC 9110 §15.2)', () => {
  test('come before the final one and have no body', () => {
    const text = `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\nContent-Length: 3\r\n\r\n${ok('Content-Length: 2\r\n', 'ab')}`
    expect(types(text)).toEqual(['interim', 'interim', 'response', 'data', 'end', 'eof'])
    expect(collectText(text)[1]).toMatchObject({ status: 103, headers: ['link', '</a>', 'content-length', '3'] })
  })
})

describe('a switch of protocols', () => {
  const SWITCH =
    'HTTP/1.1 101 Switching Protocols\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket, x/1\r\n\r\n'
  test('ends HTTP on the connection (RFC 9110 §7.8)', () => {
    const reported = collectText(`${SWITCH}\x81\x00HTTP/1.1`, { end: false })
    expect(reported[0]).toMatchObject({ status: 101, framing: 'none', keepAlive: false, upgrade: ['websocket', 'x/1'] })
    expect(reported.slice(1)).toEqual([
      { type: 'end', trailers: null },
      { type: 'rest', text: '\x81\x00HTTP/1.1' },
    ])
  })
  test.each(['Connection: upgrade\r\n', 'Upgrade: websocket\r\n', ''])('with %j only is refused', (fields) => {
    expect(error(`HTTP/1.1 101 Switching Protocols\r\n${fields}\r\n`).clause).toBe('RFC 9110 §7.8')
  })
  test('is what a 2xx to CONNECT does (RFC 9110 §9.3.6), and any other status does not', () => {
    const tunnel = collectText(`${ok('Content-Length: 2\r\n')}ab`, { methods: ['CONNECT'], end: false })
    expect(tunnel.at(-1)).toEqual({ type: 'rest', text: 'ab' })
    expect(body('HTTP/1.1 502 Bad\r\nContent-Length: 2\r\n\r\nab', { methods: ['CONNECT'] })).toBe('ab')
  })
  test('leaves an upgrade of any other status without meaning', () => {
    expect(
      head('HTTP/1.1 426 Upgrade Required\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n').upgrade,
    ).toBeNull()
  })
})

describe('a connection', () => {
  test.each([
    ['HTTP/1.1', '', true],
    ['HTTP/1.1', 'Connection: Close\r\n', false],
    ['HTTP/1.1', 'Connection: x, close\r\n', false],
    ['HTTP/1.0', '', false],
    ['HTTP/1.0', 'Connection: keep-alive\r\n', true],
    ['HTTP/1.0', 'Connection: keep-alive, close\r\n', false],
  ] as const)('after %s and %j stays: %j (RFC 9112 §9.3)', (version, fields, keepAlive) => {
    expect(head(`${version} 200 OK\r\nContent-Length: 0\r\n${fields}\r\n`).keepAlive).toBe(keepAlive)
  })
  test('carries responses in the order of their requests', () => {
    const text = ok('Content-Length: 3\r\n') + ok('Content-Length: 3\r\n', 'abc') + ok('Content-Length: 0\r\n')
    expect(types(text, { methods: ['HEAD', 'GET', 'GET'] })).toEqual([
      'response',
      'end',
      'response',
      'data',
      'end',
      'response',
      'end',
      'eof',
    ])
  })
  test('that carries what no request asked for is broken (RFC 9112 §9.2)', () => {
    expect(error(ok('Content-Length: 0\r\n') + ok('Content-Length: 0\r\n')).clause).toBe('RFC 9112 §9.2')
    expect(error('H', { methods: [] }).clause).toBe('RFC 9112 §9.2')
  })
  test('reports its error again, and nothing behind it', () => {
    const reader = new ResponseReader()
    reader.expect('GET')
    reader.receive(Buffer.from('HTTP/3'))
    const first = reader.parser.next()
    reader.receive(Buffer.from(ok('Content-Length: 0\r\n')))
    expect(reader.parser.next()).toBe(first)
  })
})

describe('a reader of whole responses', () => {
  test('has the body, the trailers and what came before', () => {
    const reader = new ResponseReader()
    reader.expect('GET')
    reader.receive(Buffer.from(`HTTP/1.1 100 Continue\r\n\r\n${ok(CHUNKED, '5\r\nhello\r\n')}`))
    expect(reader.next()).toBeNull()
    expect(String(reader.partial?.body)).toBe('hello')
    reader.receive(Buffer.from('1\r\n!\r\n0\r\nA: b\r\n\r\n'))
    const whole = reader.next()
    expect(whole).toMatchObject({ status: 200, trailers: ['a', 'b'], interim: [{ status: 100 }] })
    expect(String(whole?.body)).toBe('hello!')
    expect([reader.next(), reader.partial, reader.interim]).toEqual([null, null, []])
  })
  test('throws where a rule is broken', () => {
    const reader = new ResponseReader()
    reader.expect('GET')
    reader.receive(Buffer.from('SMTP'))
    expect(() => reader.next()).toThrow(ResponseFormatError)
  })
})
