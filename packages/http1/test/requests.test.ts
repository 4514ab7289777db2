/** HTTP/1.1 requests, rule by rule. The rows are those of the project's table of what a strict server does. */
import { describe, expect, test } from 'vitest'
import { collect, head, status } from './collect.ts'

const HOST = 'Host: example.org\r\n'
const get = (fields: string): string => `GET / HTTP/1.1\r\n${HOST}${fields}\r\n`
const post = (fields: string, body: string): string => `POST / HTTP/1.1\r\n${HOST}${fields}\r\n${body}`
const chunked = (body: string): string => post('Transfer-Encoding: chunked\r\n', body)

describe('row 1: line ends (RFC 9112 §2.2)', () => {
  test.each([
    ['a bare LF after the request line', 'GET / HTTP/1.1\nHost: a\r\n\r\n'],
    ['a bare LF after a field', 'GET / HTTP/1.1\r\nHost: a\n\r\n'],
    ['a bare LF as the empty line', 'GET / HTTP/1.1\r\nHost: a\r\n\n'],
    ['bare LFs throughout', 'GET / HTTP/1.1\nHost: a\n\n'],
    ['a bare CR in the target', 'GET /\r HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['a bare CR in a value', 'GET / HTTP/1.1\r\nHost: a\r\nX: b\rc\r\n\r\n'],
    ['a bare CR in a name', 'GET / HTTP/1.1\r\nHo\rst: a\r\n\r\n'],
    ['CR CR LF', 'GET / HTTP/1.1\r\nHost: a\r\r\n\r\n'],
    ['a bare CR for the empty line', 'GET / HTTP/1.1\r\nHost: a\r\n\rX'],
  ])('refuses %s with 400', (_name, text) => expect(status(text)).toBe(400))
})

describe('row 2: white space before the first field, empty lines before the request (RFC 9112 §2.2)', () => {
  test('ignores one empty line', () => expect(head(`\r\n${get('')}`).path).toBe('/'))
  test('refuses two with 400', () => expect(status(`\r\n\r\n${get('')}`)).toBe(400))
  test('refuses an empty line of a bare LF', () => expect(status(`\n${get('')}`)).toBe(400))
  test('ignores one between two requests', () => {
    const told = collect([`${get('')}\r\n${get('')}`])
    expect(told.map((event) => event.type)).toEqual(['request', 'end', 'request', 'end', 'eof'])
  })
  test.each([' ', '\t'])('refuses %j before the first field', (space) => {
    expect(status(`GET / HTTP/1.1\r\n${space}X: y\r\n${HOST}\r\n`)).toBe(400)
  })
  test('an empty line and nothing more is no request', () => {
    expect(collect(['\r\n']).map((event) => event.type)).toEqual(['eof'])
  })
})

describe('row 3: long targets (RFC 9112 §3)', () => {
  const limits = { maxTargetSize: 100 }
  test('takes one of exactly the limit', () => {
    expect(head(`GET /${'a'.repeat(99)} HTTP/1.1\r\n${HOST}\r\n`, { limits }).path).toHaveLength(100)
  })
  test('refuses one byte more with 414, before the line is complete', () => {
    expect(status(`GET /${'a'.repeat(100)}`, { limits })).toBe(414)
  })
})

describe('row 4: the request line (RFC 9112 §3)', () => {
  test.each([
    'GET  / HTTP/1.1',
    'GET /  HTTP/1.1',
    'GET\t/ HTTP/1.1',
    'GET /\tHTTP/1.1',
    'GET / HTTP/1.1 ',
    ' GET / HTTP/1.1',
    'GET /',
    'GET / ',
    'GET',
    'GET HTTP/1.1',
    '/ HTTP/1.1',
    'GET / http/1.1',
    'G@T / HTTP/1.1',
    ': / HTTP/1.1',
  ])('refuses %j with 400', (line) => expect(status(`${line}\r\n${HOST}\r\n`)).toBe(400))
})

describe('rows 5 to 8: Host and the authority (RFC 9112 §3.2, RFC 9110 §7.2)', () => {
  test('refuses HTTP/1.1 without Host', () => expect(status('GET / HTTP/1.1\r\n\r\n')).toBe(400))
  test('takes HTTP/1.0 without Host', () => expect(head('GET / HTTP/1.0\r\n\r\n').host).toBe(''))
  test('refuses a second Host, even an equal one', () => {
    expect(status(`GET / HTTP/1.1\r\n${HOST}${HOST}\r\n`)).toBe(400)
    expect(status(`GET / HTTP/1.0\r\n${HOST}${HOST}\r\n`)).toBe(400)
  })
  test.each([
    '',
    'user@example.org',
    'example.org/path',
    'a,b',
    'a b',
    'a:b',
    'a:99999',
    'a:1:2',
    '[::1',
    '::1',
    'a?b',
    'a#b',
    '[::1]x',
    '[1:2]',
    '[:::::]',
    '[1:2:3:4:5:6:7:8:9]',
    '[1.2.3.4]',
    '[v1.a]',
    '[fe80::1%25eth0]',
    'exa"mple',
    "a'b",
    'a\\b',
    '%zz',
    'http://a',
  ])('refuses Host: %j with 400', (host) => expect(status(`GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`)).toBe(400))
  test.each([
    'a',
    'example.org',
    'example.org:8080',
    'a:',
    '127.0.0.1:80',
    '[::1]',
    '[::1]:80',
    '[::ffff:127.0.0.1]',
    'xn--bcher-kva.example',
    'a_b',
    'a%20b',
  ])('takes Host: %s', (host) => {
    expect(head(`GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`).host).toBe(host)
  })
  test('takes an absolute-form target, whose authority replaces Host', () => {
    const request = head(`GET http://real.example:81/a/b?c=d HTTP/1.1\r\nHost: fake.example\r\nX: y\r\n\r\n`)
    expect(request).toMatchObject({ path: '/a/b', query: 'c=d', host: 'real.example:81' })
    expect(request.headers).toEqual(['host', 'real.example:81', 'x', 'y'])
  })
  test('adds the authority as Host in HTTP/1.0 where there is none', () => {
    expect(head('GET http://a/ HTTP/1.0\r\n\r\n').headers).toEqual(['host', 'a'])
  })
  test('an absolute-form target without a path is /', () =>
    expect(head(`GET http://a HTTP/1.1\r\n${HOST}\r\n`).path).toBe('/'))
  test('an absolute-form target needs Host all the same', () =>
    expect(status('GET http://a/ HTTP/1.1\r\n\r\n')).toBe(400))
  test.each(['http://', 'http:///a', 'http://u@a/', 'ftp://a/', 'a/b', 'http:/a', 'example.org:80'])(
    'refuses the target %s',
    (target) => {
      expect(status(`GET ${target} HTTP/1.1\r\n${HOST}\r\n`)).toBe(400)
    },
  )
})

describe('row 9: * and CONNECT (RFC 9112 §3.2.3, §3.2.4)', () => {
  test('takes OPTIONS *', () => expect(head(`OPTIONS * HTTP/1.1\r\n${HOST}\r\n`).path).toBe('*'))
  test('takes OPTIONS of a whole server in absolute form as *', () => {
    expect(head(`OPTIONS http://a HTTP/1.1\r\n${HOST}\r\n`).path).toBe('*')
    expect(head(`OPTIONS http://a/ HTTP/1.1\r\n${HOST}\r\n`).path).toBe('/')
  })
  test('refuses * with any other method', () => expect(status(`GET * HTTP/1.1\r\n${HOST}\r\n`)).toBe(400))
  test('answers 501 to CONNECT', () => expect(status(`CONNECT a:443 HTTP/1.1\r\n${HOST}\r\n`)).toBe(501))
})

describe('row 10: methods', () => {
  test.each(['PURGE', 'M-SEARCH', 'get', "!#$%&'*+-.^_`|~1"])('takes %s', (method) => {
    expect(head(`${method} / HTTP/1.1\r\n${HOST}\r\n`).method).toBe(method)
  })
  test('answers 501 to a method over 32 bytes', () => {
    expect(head(`${'M'.repeat(32)} / HTTP/1.1\r\n${HOST}\r\n`).method).toHaveLength(32)
    expect(status('M'.repeat(33))).toBe(501)
  })
})

describe('row 11: versions (RFC 9112 §2.3)', () => {
  test('serves any 1.x', () => {
    expect(head(`GET / HTTP/1.1\r\n${HOST}\r\n`).minorVersion).toBe(1)
    expect(head(`GET / HTTP/1.0\r\n${HOST}\r\n`).minorVersion).toBe(0)
    expect(head(`GET / HTTP/1.9\r\n${HOST}\r\n`).minorVersion).toBe(1)
  })
  test.each(['HTTP/2.0', 'HTTP/3.0', 'HTTP/0.9'])('answers 505 to %s', (version) =>
    expect(status(`GET / ${version}\r\n${HOST}\r\n`)).toBe(505),
  )
  test('answers 505 to the preface of HTTP/2', () => expect(status('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')).toBe(505))
  test.each(['HTTP/1', 'HTTP/1.', 'HTTP/1.10', 'HTTP/11.1', 'HTTP/a.1', 'HTTQ/1.1', 'HTTP 1.1', 'HTTP/1,1'])(
    'answers 400 to %s',
    (version) => {
      expect(status(`GET / ${version}\r\n${HOST}\r\n`)).toBe(400)
    },
  )
})

describe('rows 12 to 16: fields (RFC 9112 §5, RFC 9110 §5.5)', () => {
  test.each(['X : y', 'X\t: y', ' X: y', ': y', 'X', 'X;y', 'X(: y', 'X\u00e9: y', '"X": y', 'X y: z', '@: y'])(
    'refuses the line %j with 400',
    (line) => {
      expect(status(get(`${line}\r\n`))).toBe(400)
    },
  )
  test.each([' ', '\t'])('refuses a line folded with %j', (fold) =>
    expect(status(get(`X: y\r\n${fold}z\r\n`))).toBe(400),
  )
  test.each(['\0', '\x01', '\x08', '\x0b', '\x1f', '\x7f', '\n', '\r'])('refuses %j in a value', (byte) => {
    expect(status(get(`X: a${byte}b\r\n`))).toBe(400)
  })
  test('trims outer white space and keeps all else of a value', () => {
    const { headers } = head(get('X: \t a\tb  c \t \r\nEmpty:\r\nBlank: \t \r\nHigh:\x80\xff\r\n'))
    expect(headers.slice(2)).toEqual(['x', 'a\tb  c', 'empty', '', 'blank', '', 'high', '\x80\xff'])
  })
  test('lower-cases names and keeps order and repetition', () => {
    expect(head(get('B: 1\r\nA: 2\r\nb: 3\r\n')).headers).toEqual(['host', 'example.org', 'b', '1', 'a', '2', 'b', '3'])
  })
  test('tells names apart that fall on the same place of the cache', () => {
    const names = Array.from({ length: 3000 }, (_, i) => `n${(i * 7919) % 9973}x`)
    for (const name of names) expect(head(get(`${name}: ${name}\r\n`)).headers.slice(2)).toEqual([name, name])
  })
  test('answers 431 to too large a section, at the exact byte', () => {
    const limits = { maxHeaderSize: 100 }
    const used = HOST.length - 2
    expect(head(get(`A:${'b'.repeat(100 - used - 2)}\r\n`), { limits }).headers).toHaveLength(4)
    expect(status(get(`A:${'b'.repeat(101 - used - 2)}\r\n`), { limits })).toBe(431)
    expect(status(`GET / HTTP/1.1\r\nA:${'b'.repeat(99)}`, { limits })).toBe(431)
    expect(status(`GET / HTTP/1.1\r\n${'n'.repeat(101)}`, { limits })).toBe(431)
  })
  test('answers 431 to too many fields', () => {
    const limits = { maxHeaders: 5 }
    expect(head(get('A: b\r\n'.repeat(4)), { limits }).headers).toHaveLength(10)
    expect(status(get('A: b\r\n'.repeat(5)), { limits })).toBe(431)
  })
})

describe('rows 17 to 22: framing (RFC 9112 §6)', () => {
  test.each(['gzip, chunked', 'gzip', 'identity', 'foo', '"chunked"', 'xchunked', 'chun ked'])(
    'answers 501 to Transfer-Encoding: %s',
    (coding) => {
      expect(status(post(`Transfer-Encoding: ${coding}\r\n`, ''))).toBe(501)
    },
  )
  test.each(['chunked, gzip', 'chunked, chunked', 'chunked;a=b', 'chunked,', ',chunked', '', 'chunked\x0b'])(
    'refuses Transfer-Encoding: %j',
    (coding) => {
      expect(status(post(`Transfer-Encoding: ${coding}\r\n`, '0\r\n\r\n'))).toBe(400)
    },
  )
  test('refuses two Transfer-Encoding lines', () => {
    expect(status(post('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'))).toBe(400)
  })
  test('takes chunked in any case', () => expect(head(post('Transfer-Encoding: ChunKED\r\n', '')).bodyLength).toBe(-1))
  test('refuses Transfer-Encoding with Content-Length, in either order', () => {
    expect(status(post('Transfer-Encoding: chunked\r\nContent-Length: 3\r\n', ''))).toBe(400)
    expect(status(post('Content-Length: 3\r\nTransfer-Encoding: chunked\r\n', ''))).toBe(400)
  })
  test('refuses Transfer-Encoding in HTTP/1.0', () => {
    expect(status(`POST / HTTP/1.0\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`)).toBe(400)
  })
  test.each([
    '',
    '+1',
    '-1',
    '01',
    '00',
    '1.0',
    '0x1',
    '1 1',
    '1,1',
    '9007199254740992',
    '99999999999999999999',
    'a',
    '1a',
    '١',
  ])('refuses Content-Length: %j', (length) => {
    expect(status(Buffer.from(post(`Content-Length: ${length}\r\n`, 'x')))).toBe(400)
  })
  test('refuses Content-Length twice, even if equal', () => {
    expect(status(post('Content-Length: 1\r\nContent-Length: 1\r\n', 'x'))).toBe(400)
  })
  test('takes Content-Length: 0', () => expect(head(post('Content-Length: 0\r\n', '')).bodyLength).toBe(0))
  test('gives a counted body and what follows it', () => {
    expect(collect([post('Content-Length: 5\r\n', `hello${get('')}`)])).toMatchObject([
      { type: 'request', bodyLength: 5 },
      { type: 'data', text: 'hello' },
      { type: 'end', trailers: null },
      { type: 'request', method: 'GET' },
      { type: 'end' },
      { type: 'eof' },
    ])
  })
})

describe('rows 23 to 25: chunks and trailers (RFC 9112 §7.1)', () => {
  test('joins chunks and gives the trailers', () => {
    expect(collect([chunked('5\r\nhello\r\nA;x\r\n0123456789\r\n000\r\nX-Sum: 1\r\nx-sum: 2\r\n\r\n')])).toMatchObject([
      { type: 'request' },
      { type: 'data', text: 'hello0123456789' },
      { type: 'end', trailers: ['x-sum', '1', 'x-sum', '2'] },
      { type: 'eof' },
    ])
  })
  test.each([
    '',
    ' ',
    'g',
    '-1',
    '+1',
    '0x1',
    ' 1',
    '1 ',
    '1\t',
    '\t1',
    '1 1',
    'ffffffffffffff',
    '00000000000000000000001',
  ])('refuses the chunk size %j', (size) => {
    expect(status(chunked(`${size}\r\nx\r\n0\r\n\r\n`))).toBe(400)
  })
  test.each([
    ['a bare LF after the size', '1\nx\r\n0\r\n\r\n'],
    ['a bare CR after the size', '1\rx\r\n0\r\n\r\n'],
    ['a bare LF after the data', '1\r\nx\n0\r\n\r\n'],
    ['a bare CR after the data', '1\r\nx\rx0\r\n\r\n'],
    ['more data than the size', '1\r\nxy\r\n0\r\n\r\n'],
    ['a bare LF at the end', '0\r\n\n'],
  ])('refuses %s', (_name, body) => expect(status(chunked(body))).toBe(400))
  test.each([';a', ';a=b', ' ; a = b', ';a="b;c\\"d"', ';a;b=c', ';a=""'])('ignores the extension %j', (extension) => {
    expect(collect([chunked(`1${extension}\r\nx\r\n0${extension}\r\n\r\n`)])).toMatchObject([
      {},
      { text: 'x' },
      { type: 'end' },
      { type: 'eof' },
    ])
  })
  test.each([';', ';;a', ';a=', ';=b', ';a="b', ';a=b c', ';a\x00', ';a=\n', 'x', ';a="\x01"', ' ', ';a=b"c"'])(
    'refuses the extension %j',
    (extension) => {
      expect(status(chunked(`1${extension}\r\nx\r\n0\r\n\r\n`))).toBe(400)
    },
  )
  test('limits one line of extensions, and all together', () => {
    expect(status(chunked(`1;${'a'.repeat(1100)}`))).toBe(400)
    expect(status(chunked(`1;${'a'.repeat(1000)}\r\nx\r\n`.repeat(20)))).toBe(400)
  })
  test.each([
    'Content-Length: 3',
    'Transfer-Encoding: chunked',
    'Host: a',
    'Connection: close',
    'TE: trailers',
    'Trailer: a',
    'Authorization: x',
    'Content-Type: a/b',
    'Content_Length: 1',
  ])('refuses the trailer %s', (trailer) => {
    expect(status(chunked(`0\r\n${trailer}\r\n\r\n`))).toBe(400)
  })
  test('holds trailers to the rules and limits of fields', () => {
    expect(status(chunked('0\r\nA : b\r\n\r\n'))).toBe(400)
    expect(status(chunked('0\r\nA: b\r\n c\r\n\r\n'))).toBe(400)
    expect(status(chunked(`0\r\n${'A: b\r\n'.repeat(101)}\r\n`))).toBe(431)
    expect(status(chunked(`0\r\nA: ${'b'.repeat(20_000)}`))).toBe(431)
  })
})

describe('row 26: a body that ends early (RFC 9112 §6.3)', () => {
  test.each([
    ['a counted one', post('Content-Length: 5\r\n', 'hell')],
    ['a chunked one', chunked('5\r\nhello\r\n')],
    ['one cut in its trailers', chunked('0\r\nA: b\r\n')],
  ])('%s is incomplete', (_name, text) => {
    expect(collect([text]).at(-1)).toMatchObject({ type: 'error', status: 400, incomplete: true })
  })
  test('so is a head', () =>
    expect(collect(['GET / HT']).at(-1)).toMatchObject({ type: 'error', status: 400, incomplete: true }))
})

describe('rows 30 and 31: expectations and upgrades', () => {
  test('tells a client that waits for 100', () => {
    expect(head(post('Content-Length: 1\r\nExpect: 100-Continue\r\n', '')).expectContinue).toBe(true)
    expect(head(get('Expect: 100-continue\r\n')).expectContinue).toBe(false)
  })
  test('ignores expectations in HTTP/1.0', () => {
    expect(head(`POST / HTTP/1.0\r\n${HOST}Content-Length: 1\r\nExpect: 100-continue\r\n\r\n`).expectContinue).toBe(
      false,
    )
  })
  test('answers 417 to any other', () => {
    expect(status(get('Expect: 200-ok\r\n'))).toBe(417)
    expect(status(get('Expect: 100-continue\r\nExpect: x\r\n'))).toBe(417)
  })
  test('tells protocols only with the connection option, and not in HTTP/1.0', () => {
    expect(head(get('Connection: Upgrade\r\nUpgrade: websocket, h2c\r\n')).upgrade).toEqual(['websocket', 'h2c'])
    expect(head(get('Upgrade: websocket\r\n')).upgrade).toBeNull()
    expect(head(`GET / HTTP/1.0\r\n${HOST}Connection: upgrade\r\nUpgrade: a\r\n\r\n`).upgrade).toBeNull()
  })
})

describe('rows 32 and 33: what else is refused', () => {
  test.each(['/a#b', '/a\\b', '/a\x00b', '/\x7f', '/\u00e9', '/a\x1fb'])('the target %j', (target) => {
    expect(status(`GET ${target} HTTP/1.1\r\n${HOST}\r\n`)).toBe(400)
  })
  test('takes what browsers leave raw in a query', () => {
    expect(head(`GET /?\\|^{}[]\`"<>' HTTP/1.1\r\n${HOST}\r\n`).query).toBe('\\|^{}[]`"<>\'')
  })
  test('gives the target as sent, not decoded and not normalised', () => {
    expect(head(`GET //a/../%2e%2F/./b?x?y HTTP/1.1\r\n${HOST}\r\n`)).toMatchObject({
      path: '//a/../%2e%2F/./b',
      query: 'x?y',
    })
  })
  test.each(['Content_Length: 1', 'content_length: 1', 'Transfer_Encoding: chunked', 'transfer_Encoding: x'])(
    'the field %s',
    (field) => {
      expect(status(get(`${field}\r\n`))).toBe(400)
    },
  )
  test('takes other fields with underscores', () =>
    expect(head(get('X_Y: z\r\n')).headers.slice(2)).toEqual(['x_y', 'z']))
})

describe('row 34: body limits', () => {
  const limits = { maxBodySize: 10 }
  test('answers 413 to a declared length over the limit, before any of it', () => {
    expect(collect([post('Content-Length: 11\r\n', '')], { limits, end: false })).toMatchObject([
      { type: 'error', status: 413 },
    ])
    expect(head(post('Content-Length: 10\r\n', ''), { limits }).bodyLength).toBe(10)
  })
  test('answers 413 to chunks that add up to more', () => {
    expect(status(chunked('5\r\nhello\r\n6\r\n'), { limits })).toBe(413)
    expect(collect([chunked('5\r\nhello\r\n5\r\nworld\r\n0\r\n\r\n')], { limits }).at(-1)).toMatchObject({
      type: 'eof',
    })
  })
})

describe('row 36 and RFC 9112 §9.3: persistence', () => {
  test.each([
    ['HTTP/1.1', '', true],
    ['HTTP/1.1', 'Connection: close\r\n', false],
    ['HTTP/1.1', 'Connection: keep-alive, CLOSE\r\n', false],
    ['HTTP/1.1', 'Connection: keep-alive\r\n', true],
    ['HTTP/1.0', '', false],
    ['HTTP/1.0', 'Connection: Keep-Alive\r\n', true],
    ['HTTP/1.0', 'Connection: keep-alive\r\nConnection: close\r\n', false],
  ])('%s with %j keeps: %s', (version, fields, keepAlive) => {
    expect(head(`GET / ${version}\r\n${HOST}${fields}\r\n`).keepAlive).toBe(keepAlive)
  })
})

describe('errors', () => {
  test('are final', () => {
    const told = collect([`BAD\r\n\r\n${get('')}`])
    expect(told).toHaveLength(1)
    expect(told).toMatchObject([{ type: 'error', status: 400 }])
  })
  test('name the request as far as it was read', () => {
    expect(collect([`PUT /x HTTP/1.1\r\nBad Field: x\r\n`]).at(-1)).toMatchObject({ method: 'PUT', target: '/x' })
  })
  test('do not leak into the next connection', () => {
    status('PUT /x HTTP/1.1\r\nContent-Length: 1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n')
    expect(head(get(''))).toMatchObject({ method: 'GET', host: 'example.org', bodyLength: 0, keepAlive: true })
  })
})
