/** Faults of the framing of bodies. */
import { CHUNKED, POST, type Refusal } from './refusal.ts'

export const FRAMING: readonly Refusal[] = [
  {
    id: 'coding-unknown',
    title: 'answers 501 to an unknown transfer coding',
    clause: 'RFC 9112 §6.3',
    // Without chunked at its end 400 is a MUST, and 501 for a coding that is not understood a SHOULD.
    force: 'must',
    closes: 'must',
    status: [501],
    enough: [400],
    send: `${POST}Transfer-Encoding: zip\r\n\r\n0\r\n\r\n`,
  },
  {
    id: 'coding-not-last',
    title: 'refuses chunked that is not last',
    clause: 'RFC 9112 §6.3',
    force: 'must',
    closes: 'must',
    status: [400, 501],
    send: `${POST}Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n`,
  },
  {
    id: 'coding-twice',
    title: 'refuses chunked given twice',
    clause: 'RFC 9112 §6.3',
    // Only senders must not do it.
    force: 'ours',
    send: `${POST}Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n`,
  },
  {
    id: 'coding-two-fields',
    title: 'refuses two Transfer-Encodings',
    clause: 'RFC 9112 §6.3',
    force: 'ours',
    send: `${POST}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  },
  {
    id: 'coding-parameter',
    title: 'refuses chunked with a parameter',
    clause: 'RFC 9112 §7.1',
    force: 'should',
    status: [400, 501],
    send: `${POST}Transfer-Encoding: chunked;a=b\r\n\r\n0\r\n\r\n`,
  },
  {
    id: 'coding-identity',
    title: 'refuses identity',
    clause: 'RFC 9112 §6.3',
    force: 'must',
    closes: 'must',
    status: [400, 501],
    send: `${POST}Transfer-Encoding: identity\r\nContent-Length: 0\r\n\r\n`,
  },
  {
    id: 'coding-empty',
    title: 'refuses an empty Transfer-Encoding',
    clause: 'RFC 9112 §6.3',
    // The field is there, and chunked is not at its end.
    force: 'must',
    closes: 'must',
    status: [400, 501],
    send: `${POST}Transfer-Encoding:\r\n\r\n`,
  },
  {
    id: 'coding-and-length',
    title: 'refuses Transfer-Encoding with Content-Length',
    clause: 'RFC 9112 §6.1',
    // It MAY go by Transfer-Encoding alone, and then MUST close.
    force: 'ours',
    closes: 'must',
    send: `${POST}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n`,
  },
  {
    id: 'length-and-coding',
    title: 'refuses Content-Length with Transfer-Encoding',
    clause: 'RFC 9112 §6.1',
    force: 'ours',
    closes: 'must',
    send: `${POST}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  },
  {
    id: 'coding-in-1.0',
    title: 'refuses Transfer-Encoding in HTTP/1.0',
    clause: 'RFC 9112 §6.1',
    // No status is named; the connection MUST close.
    force: 'ours',
    closes: 'must',
    send: 'POST {path} HTTP/1.0\r\nHost: {host}\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  },
  ...(
    [
      ['length-negative', 'a negative Content-Length', '-1'],
      ['length-plus', 'a Content-Length with a plus', '+3'],
      ['length-hex', 'a Content-Length in hexadecimal', '0x3'],
      ['length-fraction', 'a Content-Length with a fraction', '3.0'],
      ['length-space', 'a Content-Length with a space in it', '3 0'],
      ['length-empty', 'an empty Content-Length', ''],
      ['length-word', 'a Content-Length that is no number', 'three'],
    ] as const
  ).map(([id, what, value]): Refusal => ({
    id,
    title: `refuses ${what}`,
    clause: 'RFC 9112 §6.3',
    force: 'must',
    closes: 'must',
    send: `${POST}Content-Length: ${value}\r\n\r\nabc`,
  })),
  {
    id: 'length-zeros',
    title: 'refuses a Content-Length with leading zeros',
    clause: 'RFC 9110 §8.6',
    // The grammar is 1*DIGIT.
    force: 'ours',
    send: `${POST}Content-Length: 003\r\n\r\nabc`,
  },
  {
    id: 'length-list',
    title: 'refuses a Content-Length that is a list',
    clause: 'RFC 9112 §6.3',
    // Equal values of a list may be taken as one.
    force: 'ours',
    send: `${POST}Content-Length: 3, 3\r\n\r\nabc`,
  },
  {
    id: 'length-overflow',
    title: 'refuses a Content-Length over 2^64',
    clause: 'RFC 9110 §8.6',
    // Which status is free; what it must not do is to wrap the number round and take the rest for a request.
    force: 'ours',
    unserved: 'must',
    send: `${POST}Content-Length: 18446744073709551619\r\n\r\nabc`,
  },
  {
    id: 'length-twice-equal',
    title: 'refuses the same Content-Length twice',
    clause: 'RFC 9112 §6.3',
    // Equal values of a list may be taken as one.
    force: 'ours',
    send: `${POST}Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc`,
  },
  {
    id: 'length-twice',
    title: 'refuses two Content-Lengths',
    clause: 'RFC 9112 §6.3',
    force: 'must',
    closes: 'must',
    send: `${POST}Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd`,
  },
]

/** Found while the body is read: an application that answers without reading may be faster. */
export const CHUNKS: readonly Refusal[] = [
  {
    id: 'chunk-size-word',
    title: 'refuses a chunk size that is no number',
    clause: 'RFC 9112 §7.1',
    force: 'should',
    send: `${CHUNKED}g\r\nabc\r\n0\r\n\r\n`,
  },
  {
    id: 'chunk-size-empty',
    title: 'refuses an empty chunk size',
    clause: 'RFC 9112 §7.1',
    force: 'should',
    send: `${CHUNKED}\r\nabc\r\n0\r\n\r\n`,
  },
  {
    id: 'chunk-size-negative',
    title: 'refuses a negative chunk size',
    clause: 'RFC 9112 §7.1',
    force: 'should',
    send: `${CHUNKED}-3\r\nabc\r\n0\r\n\r\n`,
  },
  {
    id: 'chunk-size-prefix',
    title: 'refuses a chunk size with 0x',
    clause: 'RFC 9112 §7.1',
    force: 'should',
    send: `${CHUNKED}0x3\r\nabc\r\n0\r\n\r\n`,
  },
  {
    id: 'chunk-size-overflow',
    title: 'refuses a chunk size over 2^64',
    clause: 'RFC 9112 §7.1',
    force: 'must',
    send: `${CHUNKED}10000000000000003\r\nabc\r\n0\r\n\r\n`,
  },
  {
    id: 'chunk-size-space',
    title: 'refuses a space before a chunk size',
    clause: 'RFC 9112 §7.1',
    force: 'should',
    send: `${CHUNKED} 3\r\nabc\r\n0\r\n\r\n`,
  },
  {
    id: 'chunk-size-lf',
    title: 'refuses LF alone after a chunk size',
    clause: 'RFC 9112 §7.1',
    force: 'should',
    send: `${CHUNKED}3\nabc\r\n0\r\n\r\n`,
  },
  {
    id: 'chunk-data-lf',
    title: 'refuses LF alone after chunk data',
    clause: 'RFC 9112 §7.1',
    force: 'should',
    send: `${CHUNKED}3\r\nabc\n0\r\n\r\n`,
  },
  {
    id: 'chunk-too-long',
    title: 'refuses chunk data longer than its size',
    clause: 'RFC 9112 §7.1',
    force: 'should',
    send: `${CHUNKED}3\r\nabcd\r\n0\r\n\r\n`,
  },
  {
    id: 'chunk-end-lf',
    title: 'refuses LF alone after the last chunk',
    clause: 'RFC 9112 §7.1',
    // A field section may end in LF alone.
    force: 'ours',
    send: `${CHUNKED}3\r\nabc\r\n0\r\n\n`,
  },
  {
    id: 'chunk-extension-bad',
    title: 'refuses a chunk extension that is none',
    clause: 'RFC 9112 §7.1.1',
    force: 'should',
    send: `${CHUNKED}3;=\r\nabc\r\n0\r\n\r\n`,
  },
  {
    id: 'chunk-extension-cr',
    title: 'refuses a bare CR in a chunk extension',
    clause: 'RFC 9112 §7.1.1',
    force: 'should',
    send: `${CHUNKED}3;a\rb\r\nabc\r\n0\r\n\r\n`,
  },
  {
    id: 'chunk-extension-long',
    title: 'refuses an endless chunk extension',
    clause: 'RFC 9112 §7.1.1',
    // A server "ought to" limit them.
    force: 'ours',
    send: `${CHUNKED}3;${'a'.repeat(262_144)}\r\nabc\r\n0\r\n\r\n`,
  },
  {
    id: 'trailer-no-token',
    title: 'refuses a trailer whose name is no token',
    clause: 'RFC 9112 §7.1.2',
    force: 'should',
    send: `${CHUNKED}3\r\nabc\r\n0\r\nA b: c\r\n\r\n`,
  },
  {
    id: 'trailer-folding',
    title: 'refuses folding in trailers',
    clause: 'RFC 9112 §5.2',
    force: 'ours',
    send: `${CHUNKED}3\r\nabc\r\n0\r\nA: b\r\n c\r\n\r\n`,
  },
  {
    id: 'trailer-length',
    title: 'refuses Content-Length as a trailer',
    clause: 'RFC 9110 §6.5.1',
    // Only senders must not do it; a recipient may leave them out.
    force: 'ours',
    send: `${CHUNKED}3\r\nabc\r\n0\r\nContent-Length: 3\r\n\r\n`,
  },
  {
    id: 'trailer-coding',
    title: 'refuses Transfer-Encoding as a trailer',
    clause: 'RFC 9110 §6.5.1',
    force: 'ours',
    send: `${CHUNKED}3\r\nabc\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n`,
  },
  {
    id: 'trailers-too-large',
    title: 'refuses trailers of 256 KiB',
    clause: 'RFC 6585 §5',
    force: 'ours',
    status: [431, 400],
    send: `${CHUNKED}3\r\nabc\r\n0\r\nA: ${'b'.repeat(262_144)}\r\n\r\n`,
  },
]
