import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readProxyHeader } from './proxy-header.ts'

const read = (text: string) => readProxyHeader(Buffer.from(text, 'latin1'))
const SIGNATURE = '\r\n\r\n\0\r\nQUIT\n'
const v2 = (command: number, transport: number, rest: string): string =>
  SIGNATURE + String.fromCharCode(command, transport, rest.length >> 8, rest.length & 0xff) + rest
const IPV4 = '\xcb\0q\x07\x7f\0\0\x01\x12\x67\0\x50'

describe('a header of the PROXY protocol', () => {
  it.each<[string, string, unknown]>([
    ['version 1, IPv4', 'PROXY TCP4 203.0.113.7 127.0.0.1 4711 80\r\n', { address: '203.0.113.7', port: 4711 }],
    ['version 1, IPv6', 'PROXY TCP6 2001:db8::7 ::1 4711 80\r\n', { address: '2001:db8::7', port: 4711 }],
    ['version 1, unknown', 'PROXY UNKNOWN\r\n', null],
    ['version 1, unknown with more', 'PROXY UNKNOWN ffff:f ffff:f 65535 65535\r\n', null],
    ['version 2, IPv4', v2(0x21, 0x11, IPV4), { address: '203.0.113.7', port: 4711 }],
    [
      'version 2, IPv4 with more behind',
      v2(0x21, 0x11, `${IPV4}\x03\0\x04abcd`),
      { address: '203.0.113.7', port: 4711 },
    ],
    [
      'version 2, IPv6',
      v2(0x21, 0x21, `\x20\x01\x0d\xb8${'\0'.repeat(11)}\x07${'\0'.repeat(16)}\x12\x67\0\x50`),
      { address: '2001:db8:0:0:0:0:0:7', port: 4711 },
    ],
    ['version 2, local', v2(0x20, 0, ''), null],
    ['version 2, a unix socket', v2(0x21, 0x31, '\0'.repeat(216)), null],
  ])('of %s names the client', (_what, text, client) => {
    expect(read(text)).toEqual({ client, size: text.length })
    expect(read(`${text}GET / HTTP/1.1\r\n`)).toEqual({ client, size: text.length })
    for (let size = 0; size < text.length; size++) expect(read(text.slice(0, size)), `first ${size} bytes`).toBe(null)
  })

  it.each([
    ['plain HTTP', 'GET / HTTP/1.1\r\n'],
    ['nothing of the kind', 'P'.repeat(12)],
    ['another family', 'PROXY UDP4 1.1.1.1 1.1.1.1 1 1\r\n'],
    ['an address of the other family', 'PROXY TCP4 ::1 ::1 1 1\r\n'],
    ['a port out of range', 'PROXY TCP4 1.1.1.1 1.1.1.1 65536 1\r\n'],
    ['a port with a leading zero', 'PROXY TCP4 1.1.1.1 1.1.1.1 01 1\r\n'],
    ['two spaces', 'PROXY TCP4  1.1.1.1 1.1.1.1 1 1\r\n'],
    ['more than there should be', 'PROXY TCP4 1.1.1.1 1.1.1.1 1 1 1\r\n'],
    ['no end', `PROXY UNKNOWN ${'x'.repeat(100)}`],
    ['version 3', v2(0x31, 0x11, IPV4)],
    ['another command', v2(0x22, 0x11, IPV4)],
    ['addresses that are too short', v2(0x21, 0x11, IPV4.slice(1))],
    ['a length beyond reason', `${SIGNATURE}\x21\x11\xff\xff`],
  ])('that has %s is refused', (_what, text) => {
    expect(read(text)).toMatch(/^expected /)
  })

  it('is read or refused, whatever the bytes', () => {
    const start = fc.constantFrom('', 'PROXY ', 'PROXY TCP4 ', SIGNATURE, `${SIGNATURE}\x21\x11\0\x0c`)
    fc.assert(
      fc.property(start, fc.uint8Array({ maxLength: 200 }), (start, noise) => {
        const bytes = Buffer.concat([Buffer.from(start, 'latin1'), noise])
        const header = readProxyHeader(bytes)
        if (header !== null && typeof header !== 'string') expect(header.size).toBeLessThanOrEqual(bytes.length)
      }),
    )
  })
})
