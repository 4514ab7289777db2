/** Faults of the request line. */
import { GET, type Refusal } from './refusal.ts'

/**
 * What does not match the grammar, aside from what a server may forgive, SHOULD be answered with 400 and a close (RFC 9112
 * §2.2). It MAY forgive a single LF as the end of a line (§2.2) and any whitespace around the words of a request line (§3).
 */
export const LINES: readonly Refusal[] = [
  {
    id: 'lf-request-line',
    title: 'refuses a request line that ends in LF alone',
    clause: 'RFC 9112 §2.2',
    force: 'ours',
    send: 'GET / HTTP/1.1\nHost: {host}\r\n\r\n',
  },
  {
    id: 'lf-field',
    title: 'refuses a field line that ends in LF alone',
    clause: 'RFC 9112 §2.2',
    force: 'ours',
    send: `${GET}A: b\nC: d\r\n\r\n`,
  },
  {
    id: 'lf-head-end',
    title: 'refuses a head that ends in LF alone',
    clause: 'RFC 9112 §2.2',
    force: 'ours',
    send: `${GET}\n`,
  },
  {
    id: 'cr-in-value',
    title: 'refuses a bare CR in a value',
    clause: 'RFC 9112 §2.2',
    // It may replace the CR by a space as well, and nobody can see that from outside.
    force: 'ours',
    send: `${GET}A: b\rC: d\r\n\r\n`,
  },
  {
    id: 'cr-in-request-line',
    title: 'refuses a bare CR in the request line',
    clause: 'RFC 9112 §2.2',
    force: 'ours',
    send: 'GET /\r HTTP/1.1\r\nHost: {host}\r\n\r\n',
  },
  {
    id: 'cr-at-line-end',
    title: 'refuses two CRs before an LF',
    clause: 'RFC 9112 §2.2',
    force: 'ours',
    send: `${GET}A: b\r\r\n\r\n`,
  },
  {
    id: 'space-before-fields',
    title: 'refuses whitespace before the first field',
    clause: 'RFC 9112 §2.2',
    // It may drop such lines as well.
    force: 'ours',
    send: 'GET / HTTP/1.1\r\n Host: {host}\r\nHost: {host}\r\n\r\n',
  },
  {
    id: 'double-space',
    title: 'refuses two spaces in the request line',
    clause: 'RFC 9112 §3',
    force: 'ours',
    send: 'GET  / HTTP/1.1\r\nHost: {host}\r\n\r\n',
  },
  {
    id: 'double-space-version',
    title: 'refuses two spaces before the version',
    clause: 'RFC 9112 §3',
    force: 'ours',
    send: 'GET /  HTTP/1.1\r\nHost: {host}\r\n\r\n',
  },
  {
    id: 'tab-in-request-line',
    title: 'refuses a tab in the request line',
    clause: 'RFC 9112 §3',
    force: 'ours',
    send: 'GET\t/ HTTP/1.1\r\nHost: {host}\r\n\r\n',
  },
  {
    id: 'trailing-space',
    title: 'refuses a space after the version',
    clause: 'RFC 9112 §3',
    force: 'ours',
    send: 'GET / HTTP/1.1 \r\nHost: {host}\r\n\r\n',
  },
  {
    id: 'leading-space',
    title: 'refuses a space before the method',
    clause: 'RFC 9112 §3',
    force: 'ours',
    send: ' GET / HTTP/1.1\r\nHost: {host}\r\n\r\n',
  },
  {
    id: 'no-version',
    title: 'refuses a request line without a version',
    clause: 'RFC 9112 §3',
    force: 'should',
    send: 'GET /\r\nHost: {host}\r\n\r\n',
  },
  {
    id: 'no-target',
    title: 'refuses a request line without a target',
    clause: 'RFC 9112 §3',
    force: 'should',
    send: 'GET HTTP/1.1\r\nHost: {host}\r\n\r\n',
  },
  {
    id: 'fourth-word',
    title: 'refuses a fourth word in the request line',
    clause: 'RFC 9112 §3',
    force: 'should',
    send: 'GET / / HTTP/1.1\r\nHost: {host}\r\n\r\n',
  },
  {
    id: 'not-http',
    title: 'refuses what is not HTTP',
    clause: 'RFC 9112 §3',
    force: 'should',
    send: 'SSH-2.0-OpenSSH_9.9\r\n\r\n',
    hint: 'the greeting of another protocol; a TLS handshake may be closed without an answer, which its client could not read',
  },
]

export const METHODS: readonly Refusal[] = [
  {
    id: 'method-no-token',
    title: 'refuses a method that is no token',
    clause: 'RFC 9110 §9.1',
    force: 'should',
    send: 'G(T / HTTP/1.1\r\nHost: {host}\r\n\r\n',
  },
  {
    id: 'method-overlong',
    title: 'answers 501 to an overlong method',
    clause: 'RFC 9112 §3',
    force: 'should',
    status: [501],
    send: `${'M'.repeat(300)} / HTTP/1.1\r\nHost: {host}\r\n\r\n`,
  },
  {
    id: 'connect',
    title: 'does not serve CONNECT',
    clause: 'RFC 9110 §9.3.6',
    // A server MAY accept CONNECT.
    force: 'ours',
    status: [501, 405],
    send: 'CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n',
  },
]

export const VERSIONS: readonly Refusal[] = [
  {
    id: 'version-2',
    title: 'answers 505 to HTTP/2.0',
    clause: 'RFC 9110 §15.6.6',
    // A server "can" send 505.
    force: 'ours',
    status: [505],
    send: 'GET / HTTP/2.0\r\nHost: {host}\r\n\r\n',
  },
  {
    id: 'version-0',
    title: 'answers 505 or 400 to HTTP/0.9 written out',
    clause: 'RFC 9110 §15.6.6',
    force: 'ours',
    status: [505, 400],
    send: 'GET / HTTP/0.9\r\nHost: {host}\r\n\r\n',
  },
  {
    id: 'version-lower-case',
    title: 'refuses a version in lower case',
    clause: 'RFC 9112 §2.3',
    force: 'should',
    send: 'GET / http/1.1\r\nHost: {host}\r\n\r\n',
  },
  {
    id: 'version-no-minor',
    title: 'refuses a version without a minor number',
    clause: 'RFC 9112 §2.3',
    force: 'should',
    send: 'GET / HTTP/1\r\nHost: {host}\r\n\r\n',
  },
  {
    id: 'version-two-digits',
    title: 'refuses a minor version of two digits',
    clause: 'RFC 9112 §2.3',
    force: 'should',
    send: 'GET / HTTP/1.10\r\nHost: {host}\r\n\r\n',
  },
  {
    id: 'version-word',
    title: 'refuses another protocol',
    clause: 'RFC 9112 §2.3',
    force: 'should',
    send: 'GET / HTTQ/1.1\r\nHost: {host}\r\n\r\n',
  },
]

export const TARGETS: readonly Refusal[] = [
  {
    id: 'target-high-byte',
    title: 'refuses a byte over 0x7E in the target',
    clause: 'RFC 9112 §3.2',
    force: 'should',
    send: 'GET /caf\xe9 HTTP/1.1\r\nHost: {host}\r\n\r\n',
  },
  {
    id: 'target-del',
    title: 'refuses a DEL in the target',
    clause: 'RFC 9112 §3.2',
    force: 'should',
    send: 'GET /\x7f HTTP/1.1\r\nHost: {host}\r\n\r\n',
  },
  {
    id: 'target-nul',
    title: 'refuses a NUL in the target',
    clause: 'RFC 9112 §3.2',
    force: 'should',
    send: 'GET /\x00 HTTP/1.1\r\nHost: {host}\r\n\r\n',
  },
  {
    id: 'target-fragment',
    title: 'refuses a fragment in the target',
    clause: 'RFC 9112 §3.2',
    force: 'should',
    send: 'GET /#top HTTP/1.1\r\nHost: {host}\r\n\r\n',
  },
  {
    id: 'target-backslash',
    title: 'refuses a backslash in the path',
    clause: 'RFC 9112 §3.2',
    force: 'should',
    send: 'GET /a\\b HTTP/1.1\r\nHost: {host}\r\n\r\n',
  },
  {
    id: 'target-star-get',
    title: 'refuses * with GET',
    clause: 'RFC 9112 §3.2.4',
    // The grammar of the target knows no method.
    force: 'ours',
    send: 'GET * HTTP/1.1\r\nHost: {host}\r\n\r\n',
  },
  {
    id: 'target-relative',
    title: 'refuses a target that is no path',
    clause: 'RFC 9112 §3.2',
    force: 'should',
    send: 'GET index.html HTTP/1.1\r\nHost: {host}\r\n\r\n',
  },
  {
    id: 'target-too-long',
    title: 'answers 414 to a target of 256 KiB',
    clause: 'RFC 9112 §3',
    // Longer than it wishes to parse MUST be 414; nobody has to find 256 KiB too long.
    force: (status) => (status === 400 || status === 413 || status >= 431 ? 'must' : 'ours'),
    status: [414],
    send: `GET /${'a'.repeat(262_144)} HTTP/1.1\r\nHost: {host}\r\n\r\n`,
  },
]
