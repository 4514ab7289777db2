/** Requests that break a rule: one answer, then the connection closes and nothing after it is parsed. */
import type { Behaviour } from '../behaviour.ts'
import type { Clause } from '../clause.ts'
import { among, Mismatch, show } from '../mismatch.ts'
import { echo } from './apps.ts'

interface Refusal {
  readonly id: string
  readonly title: string
  readonly clause: Clause
  /** Default: 400. */
  readonly status?: readonly number[]
  /** `{host}` is the server's; a second request follows. */
  readonly send: string
  readonly hint?: string
}

const BAD: readonly number[] = [400]
const FOLLOWS = 'GET /smuggled HTTP/1.1\r\nHost: {host}\r\n\r\n'
const GET = 'GET / HTTP/1.1\r\nHost: {host}\r\n'
const POST = 'POST {path} HTTP/1.1\r\nHost: {host}\r\n'
const CHUNKED = `${POST}Transfer-Encoding: chunked\r\n\r\n`

const LINES: readonly Refusal[] = [
  {
    id: 'lf-request-line',
    title: 'refuses a request line that ends in LF alone',
    clause: 'RFC 9112 §2.2',
    send: 'GET / HTTP/1.1\nHost: {host}\r\n\r\n',
  },
  {
    id: 'lf-field',
    title: 'refuses a field line that ends in LF alone',
    clause: 'RFC 9112 §2.2',
    send: `${GET}A: b\nC: d\r\n\r\n`,
  },
  { id: 'lf-head-end', title: 'refuses a head that ends in LF alone', clause: 'RFC 9112 §2.2', send: `${GET}\n` },
  {
    id: 'cr-in-value',
    title: 'refuses a bare CR in a value',
    clause: 'RFC 9112 §2.2',
    send: `${GET}A: b\rC: d\r\n\r\n`,
  },
  {
    id: 'cr-in-request-line',
    title: 'refuses a bare CR in the request line',
    clause: 'RFC 9112 §2.2',
    send: 'GET /\r HTTP/1.1\r\nHost: {host}\r\n\r\n',
  },
  {
    id: 'cr-at-line-end',
    title: 'refuses two CRs before an LF',
    clause: 'RFC 9112 §2.2',
    send: `${GET}A: b\r\r\n\r\n`,
  },
  {
    id: 'space-before-fields',
    title: 'refuses whitespace before the first field',
    clause: 'RFC 9112 §2.2',
    send: 'GET / HTTP/1.1\r\n Host: {host}\r\nHost: {host}\r\n\r\n',
  },
  {
    id: 'double-space',
    title: 'refuses two spaces in the request line',
    clause: 'RFC 9112 §3',
    send: 'GET  / HTTP/1.1\r\nHost: {host}\r\n\r\n',
  },
  {
    id: 'double-space-version',
    title: 'refuses two spaces before the version',
    clause: 'RFC 9112 §3',
    send: 'GET /  HTTP/1.1\r\nHost: {host}\r\n\r\n',
  },
  {
    id: 'tab-in-request-line',
    title: 'refuses a tab in the request line',
    clause: 'RFC 9112 §3',
    send: 'GET\t/ HTTP/1.1\r\nHost: {host}\r\n\r\n',
  },
  {
    id: 'trailing-space',
    title: 'refuses a space after the version',
    clause: 'RFC 9112 §3',
    send: 'GET / HTTP/1.1 \r\nHost: {host}\r\n\r\n',
  },
  {
    id: 'leading-space',
    title: 'refuses a space before the method',
    clause: 'RFC 9112 §3',
    send: ' GET / HTTP/1.1\r\nHost: {host}\r\n\r\n',
  },
  {
    id: 'no-version',
    title: 'refuses a request line without a version',
    clause: 'RFC 9112 §3',
    send: 'GET /\r\nHost: {host}\r\n\r\n',
  },
  {
    id: 'no-target',
    title: 'refuses a request line without a target',
    clause: 'RFC 9112 §3',
    send: 'GET HTTP/1.1\r\nHost: {host}\r\n\r\n',
  },
  {
    id: 'fourth-word',
    title: 'refuses a fourth word in the request line',
    clause: 'RFC 9112 §3',
    send: 'GET / / HTTP/1.1\r\nHost: {host}\r\n\r\n',
  },
  {
    id: 'not-http',
    title: 'refuses what is not HTTP',
    clause: 'RFC 9112 §3',
    send: '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n',
    hint: 'a TLS handshake on a plain port',
  },
]

const METHODS: readonly Refusal[] = [
  {
    id: 'method-no-token',
    title: 'refuses a method that is no token',
    clause: 'RFC 9110 §9.1',
    send: 'G(T / HTTP/1.1\r\nHost: {host}\r\n\r\n',
  },
  {
    id: 'method-overlong',
    title: 'answers 501 to an overlong method',
    clause: 'RFC 9112 §3',
    status: [501],
    send: `${'M'.repeat(300)} / HTTP/1.1\r\nHost: {host}\r\n\r\n`,
  },
  {
    id: 'connect',
    title: 'does not serve CONNECT',
    clause: 'RFC 9110 §9.3.6',
    status: [501, 405],
    send: 'CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n',
  },
]

const VERSIONS: readonly Refusal[] = [
  {
    id: 'version-2',
    title: 'answers 505 to HTTP/2.0',
    clause: 'RFC 9110 §15.6.6',
    status: [505],
    send: 'GET / HTTP/2.0\r\nHost: {host}\r\n\r\n',
  },
  {
    id: 'version-0',
    title: 'answers 505 or 400 to HTTP/0.9 written out',
    clause: 'RFC 9110 §15.6.6',
    status: [505, 400],
    send: 'GET / HTTP/0.9\r\nHost: {host}\r\n\r\n',
  },
  {
    id: 'version-lower-case',
    title: 'refuses a version in lower case',
    clause: 'RFC 9112 §2.3',
    send: 'GET / http/1.1\r\nHost: {host}\r\n\r\n',
  },
  {
    id: 'version-no-minor',
    title: 'refuses a version without a minor number',
    clause: 'RFC 9112 §2.3',
    send: 'GET / HTTP/1\r\nHost: {host}\r\n\r\n',
  },
  {
    id: 'version-two-digits',
    title: 'refuses a minor version of two digits',
    clause: 'RFC 9112 §2.3',
    send: 'GET / HTTP/1.10\r\nHost: {host}\r\n\r\n',
  },
  {
    id: 'version-word',
    title: 'refuses another protocol',
    clause: 'RFC 9112 §2.3',
    send: 'GET / HTTQ/1.1\r\nHost: {host}\r\n\r\n',
  },
]

const TARGETS: readonly Refusal[] = [
  {
    id: 'target-high-byte',
    title: 'refuses a byte over 0x7E in the target',
    clause: 'RFC 9112 §3.2',
    send: 'GET /caf\xe9 HTTP/1.1\r\nHost: {host}\r\n\r\n',
  },
  {
    id: 'target-del',
    title: 'refuses a DEL in the target',
    clause: 'RFC 9112 §3.2',
    send: 'GET /\x7f HTTP/1.1\r\nHost: {host}\r\n\r\n',
  },
  {
    id: 'target-nul',
    title: 'refuses a NUL in the target',
    clause: 'RFC 9112 §3.2',
    send: 'GET /\x00 HTTP/1.1\r\nHost: {host}\r\n\r\n',
  },
  {
    id: 'target-fragment',
    title: 'refuses a fragment in the target',
    clause: 'RFC 9112 §3.2',
    send: 'GET /#top HTTP/1.1\r\nHost: {host}\r\n\r\n',
  },
  {
    id: 'target-backslash',
    title: 'refuses a backslash in the path',
    clause: 'RFC 9112 §3.2',
    send: 'GET /a\\b HTTP/1.1\r\nHost: {host}\r\n\r\n',
  },
  {
    id: 'target-star-get',
    title: 'refuses * with GET',
    clause: 'RFC 9112 §3.2.4',
    send: 'GET * HTTP/1.1\r\nHost: {host}\r\n\r\n',
  },
  {
    id: 'target-relative',
    title: 'refuses a target that is no path',
    clause: 'RFC 9112 §3.2',
    send: 'GET index.html HTTP/1.1\r\nHost: {host}\r\n\r\n',
  },
  {
    id: 'target-too-long',
    title: 'answers 414 to a target of 256 KiB',
    clause: 'RFC 9110 §15.5.15',
    status: [414],
    send: `GET /${'a'.repeat(262_144)} HTTP/1.1\r\nHost: {host}\r\n\r\n`,
  },
]

const HOSTS: readonly Refusal[] = [
  {
    id: 'host-missing',
    title: 'refuses HTTP/1.1 without Host',
    clause: 'RFC 9112 §3.2',
    send: 'GET / HTTP/1.1\r\n\r\n',
  },
  { id: 'host-twice', title: 'refuses two Hosts', clause: 'RFC 9112 §3.2', send: `${GET}Host: other.example\r\n\r\n` },
  {
    id: 'host-twice-equal',
    title: 'refuses the same Host twice',
    clause: 'RFC 9112 §3.2',
    send: `${GET}Host: {host}\r\n\r\n`,
  },
  {
    id: 'host-userinfo',
    title: 'refuses a Host with userinfo',
    clause: 'RFC 9110 §7.2',
    send: 'GET / HTTP/1.1\r\nHost: user@{host}\r\n\r\n',
  },
  {
    id: 'host-path',
    title: 'refuses a Host with a path',
    clause: 'RFC 9110 §7.2',
    send: 'GET / HTTP/1.1\r\nHost: {host}/admin\r\n\r\n',
  },
  {
    id: 'host-list',
    title: 'refuses a Host that is a list',
    clause: 'RFC 9110 §7.2',
    send: 'GET / HTTP/1.1\r\nHost: a.example, b.example\r\n\r\n',
  },
  {
    id: 'host-space',
    title: 'refuses a Host with a space in it',
    clause: 'RFC 9110 §7.2',
    send: 'GET / HTTP/1.1\r\nHost: a b\r\n\r\n',
  },
  {
    id: 'host-empty',
    title: 'refuses an empty Host',
    clause: 'RFC 9110 §7.2',
    send: 'GET / HTTP/1.1\r\nHost:\r\n\r\n',
  },
  {
    id: 'host-port-word',
    title: 'refuses a Host whose port is no number',
    clause: 'RFC 9110 §7.2',
    send: 'GET / HTTP/1.1\r\nHost: a.example:http\r\n\r\n',
  },
]

const FIELDS: readonly Refusal[] = [
  {
    id: 'space-before-colon',
    title: 'refuses a space between name and colon',
    clause: 'RFC 9112 §5.1',
    send: `${GET}A : b\r\n\r\n`,
  },
  {
    id: 'tab-before-colon',
    title: 'refuses a tab between name and colon',
    clause: 'RFC 9112 §5.1',
    send: `${GET}A\t: b\r\n\r\n`,
  },
  { id: 'folding', title: 'refuses line folding', clause: 'RFC 9112 §5.2', send: `${GET}A: b\r\n c\r\n\r\n` },
  {
    id: 'folding-tab',
    title: 'refuses line folding by a tab',
    clause: 'RFC 9112 §5.2',
    send: `${GET}A: b\r\n\tc\r\n\r\n`,
  },
  { id: 'name-empty', title: 'refuses an empty name', clause: 'RFC 9110 §5.1', send: `${GET}: b\r\n\r\n` },
  {
    id: 'name-no-token',
    title: 'refuses a name that is no token',
    clause: 'RFC 9110 §5.1',
    send: `${GET}A(b): c\r\n\r\n`,
  },
  {
    id: 'name-space',
    title: 'refuses a name with a space in it',
    clause: 'RFC 9110 §5.1',
    send: `${GET}A b: c\r\n\r\n`,
  },
  {
    id: 'name-high-byte',
    title: 'refuses a name with a byte over 0x7E',
    clause: 'RFC 9110 §5.1',
    send: `${GET}caf\xe9: c\r\n\r\n`,
  },
  { id: 'no-colon', title: 'refuses a line without a colon', clause: 'RFC 9112 §5', send: `${GET}Abc\r\n\r\n` },
  { id: 'value-nul', title: 'refuses a NUL in a value', clause: 'RFC 9110 §5.5', send: `${GET}A: b\x00c\r\n\r\n` },
  {
    id: 'value-control',
    title: 'refuses a control byte in a value',
    clause: 'RFC 9110 §5.5',
    send: `${GET}A: b\x01c\r\n\r\n`,
  },
  { id: 'value-del', title: 'refuses a DEL in a value', clause: 'RFC 9110 §5.5', send: `${GET}A: b\x7fc\r\n\r\n` },
  {
    id: 'field-too-large',
    title: 'answers 431 to a field of 256 KiB',
    clause: 'RFC 6585 §5',
    status: [431],
    send: `${GET}A: ${'b'.repeat(262_144)}\r\n\r\n`,
  },
  {
    id: 'fields-too-many',
    title: 'answers 431 to 5,000 fields',
    clause: 'RFC 6585 §5',
    status: [431],
    send: `${GET}${'A: b\r\n'.repeat(5000)}\r\n`,
  },
  {
    id: 'underscore-length',
    title: 'refuses content_length',
    clause: 'RFC 9112 §6.3',
    send: `${POST}Content_Length: 3\r\nContent-Length: 3\r\n\r\nabc`,
  },
  {
    id: 'underscore-coding',
    title: 'refuses transfer_encoding',
    clause: 'RFC 9112 §6.3',
    send: `${POST}Transfer_Encoding: chunked\r\nContent-Length: 3\r\n\r\nabc`,
  },
  {
    id: 'expectation-unknown',
    title: 'answers 417 to an unknown expectation',
    clause: 'RFC 9110 §10.1.1',
    status: [417],
    send: `${POST}Expect: a-miracle\r\nContent-Length: 3\r\n\r\nabc`,
  },
]

const FRAMING: readonly Refusal[] = [
  {
    id: 'coding-unknown',
    title: 'answers 501 to an unknown transfer coding',
    clause: 'RFC 9112 §6.1',
    status: [501],
    send: `${POST}Transfer-Encoding: zip\r\n\r\n0\r\n\r\n`,
  },
  {
    id: 'coding-not-last',
    title: 'refuses chunked that is not last',
    clause: 'RFC 9112 §6.3',
    status: [400, 501],
    send: `${POST}Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n`,
  },
  {
    id: 'coding-twice',
    title: 'refuses chunked given twice',
    clause: 'RFC 9112 §6.3',
    send: `${POST}Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n`,
  },
  {
    id: 'coding-two-fields',
    title: 'refuses two Transfer-Encodings',
    clause: 'RFC 9112 §6.3',
    send: `${POST}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  },
  {
    id: 'coding-parameter',
    title: 'refuses chunked with a parameter',
    clause: 'RFC 9112 §7',
    status: [400, 501],
    send: `${POST}Transfer-Encoding: chunked;a=b\r\n\r\n0\r\n\r\n`,
  },
  {
    id: 'coding-identity',
    title: 'refuses identity',
    clause: 'RFC 9112 §7',
    status: [400, 501],
    send: `${POST}Transfer-Encoding: identity\r\nContent-Length: 0\r\n\r\n`,
  },
  {
    id: 'coding-empty',
    title: 'refuses an empty Transfer-Encoding',
    clause: 'RFC 9112 §6.1',
    status: [400, 501],
    send: `${POST}Transfer-Encoding:\r\n\r\n`,
  },
  {
    id: 'coding-and-length',
    title: 'refuses Transfer-Encoding with Content-Length',
    clause: 'RFC 9112 §6.1',
    send: `${POST}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n`,
  },
  {
    id: 'length-and-coding',
    title: 'refuses Content-Length with Transfer-Encoding',
    clause: 'RFC 9112 §6.1',
    send: `${POST}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  },
  {
    id: 'coding-in-1.0',
    title: 'refuses Transfer-Encoding in HTTP/1.0',
    clause: 'RFC 9112 §6.1',
    send: 'POST {path} HTTP/1.0\r\nHost: {host}\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  },
  ...(
    [
      ['length-negative', 'a negative Content-Length', '-1'],
      ['length-plus', 'a Content-Length with a plus', '+3'],
      ['length-zeros', 'a Content-Length with leading zeros', '003'],
      ['length-hex', 'a Content-Length in hexadecimal', '0x3'],
      ['length-fraction', 'a Content-Length with a fraction', '3.0'],
      ['length-space', 'a Content-Length with a space in it', '3 0'],
      ['length-empty', 'an empty Content-Length', ''],
      ['length-list', 'a Content-Length that is a list', '3, 3'],
      ['length-word', 'a Content-Length that is no number', 'three'],
      ['length-overflow', 'a Content-Length over 2^64', '18446744073709551619'],
    ] as const
  ).map(([id, what, value]): Refusal => ({
    id,
    title: `refuses ${what}`,
    clause: 'RFC 9112 §6.3',
    send: `${POST}Content-Length: ${value}\r\n\r\nabc`,
  })),
  {
    id: 'length-twice-equal',
    title: 'refuses the same Content-Length twice',
    clause: 'RFC 9112 §6.3',
    send: `${POST}Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc`,
  },
  {
    id: 'length-twice',
    title: 'refuses two Content-Lengths',
    clause: 'RFC 9112 §6.3',
    send: `${POST}Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd`,
  },
]

/** Found while the body is read: an application that answers without reading may be faster. */
const CHUNKS: readonly Refusal[] = [
  {
    id: 'chunk-size-word',
    title: 'refuses a chunk size that is no number',
    clause: 'RFC 9112 §7.1',
    send: `${CHUNKED}g\r\nabc\r\n0\r\n\r\n`,
  },
  {
    id: 'chunk-size-empty',
    title: 'refuses an empty chunk size',
    clause: 'RFC 9112 §7.1',
    send: `${CHUNKED}\r\nabc\r\n0\r\n\r\n`,
  },
  {
    id: 'chunk-size-negative',
    title: 'refuses a negative chunk size',
    clause: 'RFC 9112 §7.1',
    send: `${CHUNKED}-3\r\nabc\r\n0\r\n\r\n`,
  },
  {
    id: 'chunk-size-prefix',
    title: 'refuses a chunk size with 0x',
    clause: 'RFC 9112 §7.1',
    send: `${CHUNKED}0x3\r\nabc\r\n0\r\n\r\n`,
  },
  {
    id: 'chunk-size-overflow',
    title: 'refuses a chunk size over 2^64',
    clause: 'RFC 9112 §7.1',
    send: `${CHUNKED}10000000000000003\r\nabc\r\n0\r\n\r\n`,
  },
  {
    id: 'chunk-size-space',
    title: 'refuses a space before a chunk size',
    clause: 'RFC 9112 §7.1',
    send: `${CHUNKED} 3\r\nabc\r\n0\r\n\r\n`,
  },
  {
    id: 'chunk-size-lf',
    title: 'refuses LF alone after a chunk size',
    clause: 'RFC 9112 §7.1',
    send: `${CHUNKED}3\nabc\r\n0\r\n\r\n`,
  },
  {
    id: 'chunk-data-lf',
    title: 'refuses LF alone after chunk data',
    clause: 'RFC 9112 §7.1',
    send: `${CHUNKED}3\r\nabc\n0\r\n\r\n`,
  },
  {
    id: 'chunk-too-long',
    title: 'refuses chunk data longer than its size',
    clause: 'RFC 9112 §7.1',
    send: `${CHUNKED}3\r\nabcd\r\n0\r\n\r\n`,
  },
  {
    id: 'chunk-end-lf',
    title: 'refuses LF alone after the last chunk',
    clause: 'RFC 9112 §7.1',
    send: `${CHUNKED}3\r\nabc\r\n0\r\n\n`,
  },
  {
    id: 'chunk-extension-bad',
    title: 'refuses a chunk extension that is none',
    clause: 'RFC 9112 §7.1.1',
    send: `${CHUNKED}3;=\r\nabc\r\n0\r\n\r\n`,
  },
  {
    id: 'chunk-extension-cr',
    title: 'refuses a bare CR in a chunk extension',
    clause: 'RFC 9112 §7.1.1',
    send: `${CHUNKED}3;a\rb\r\nabc\r\n0\r\n\r\n`,
  },
  {
    id: 'chunk-extension-long',
    title: 'refuses an endless chunk extension',
    clause: 'RFC 9112 §7.1.1',
    send: `${CHUNKED}3;${'a'.repeat(262_144)}\r\nabc\r\n0\r\n\r\n`,
  },
  {
    id: 'trailer-no-token',
    title: 'refuses a trailer whose name is no token',
    clause: 'RFC 9112 §7.1.2',
    send: `${CHUNKED}3\r\nabc\r\n0\r\nA b: c\r\n\r\n`,
  },
  {
    id: 'trailer-folding',
    title: 'refuses folding in trailers',
    clause: 'RFC 9112 §7.1.2',
    send: `${CHUNKED}3\r\nabc\r\n0\r\nA: b\r\n c\r\n\r\n`,
  },
  {
    id: 'trailer-length',
    title: 'refuses Content-Length as a trailer',
    clause: 'RFC 9110 §6.5.1',
    send: `${CHUNKED}3\r\nabc\r\n0\r\nContent-Length: 3\r\n\r\n`,
  },
  {
    id: 'trailer-coding',
    title: 'refuses Transfer-Encoding as a trailer',
    clause: 'RFC 9110 §6.5.1',
    send: `${CHUNKED}3\r\nabc\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n`,
  },
  {
    id: 'trailers-too-large',
    title: 'refuses trailers of 256 KiB',
    clause: 'RFC 6585 §5',
    status: [431, 400],
    send: `${CHUNKED}3\r\nabc\r\n0\r\nA: ${'b'.repeat(262_144)}\r\n\r\n`,
  },
]

/** The refusal of a server whose application had answered before the fault came. */
const REFUSED_LATER = /^HTTP\/1\.1 (400|431) /

/** The answer has one of these statuses, and it is the last. */
const judged = (refusal: Refusal, early: boolean): Behaviour => ({
  id: refusal.id,
  title: refusal.title,
  clause: refusal.clause,
  level: 2,
  app: echo,
  anywhere: true,
  hint: refusal.hint,
  async check(t) {
    const wire = await t.connect()
    const fill = (text: string): string => text.replaceAll('{host}', t.host).replaceAll('{path}', t.path)
    const answeredEarly = early && !t.probe
    wire.send(fill(answeredEarly ? refusal.send : refusal.send + FOLLOWS))
    const answer = await wire.response(refusal.send.split(' ', 1)[0])
    // Some lose what was pipelined, which would look like a refusal: such a server is asked once it has answered.
    if (answeredEarly) wire.send(fill(FOLLOWS))
    else among('status', answer.status, refusal.status ?? BAD)
    const rest = await wire.more()
    if (answeredEarly && REFUSED_LATER.test(rest.toString('latin1'))) return
    if (rest.length > 0) {
      throw new Mismatch('nothing after the answer, since what follows the fault cannot be trusted', show(rest))
    }
  },
})

export const REFUSALS: readonly Behaviour[] = [
  ...[LINES, METHODS, VERSIONS, TARGETS, HOSTS, FIELDS, FRAMING].flat().map((refusal) => judged(refusal, false)),
  ...CHUNKS.map((refusal) => judged(refusal, true)),
]
