import { headers, type HeaderList } from '@tsgi/spec'
import { describe, expect, it } from 'vitest'
import type { WebSocketOptions } from '../src/index.ts'
import { HANDSHAKE, shake } from './wire.ts'

/** The handshake with a field replaced, or left out where there is no value. */
function without(name: string, ...values: readonly string[]): HeaderList {
  const at = HANDSHAKE.indexOf(name)
  return [...HANDSHAKE.slice(0, at), ...HANDSHAKE.slice(at + 2), ...values.flatMap((value) => [name, value])]
}

describe('a handshake', () => {
  it('is answered with the accept of RFC 6455 §1.3', () => {
    const answer = shake(HANDSHAKE)
    expect(answer.status).toBe(101)
    expect(answer.headers).toEqual(['sec-websocket-accept', 's3pPLMBiTxaQ9kYGzzhZRbK+xOo='])
  })

  it('may name websocket in another case and among others', () => {
    expect(shake(without('upgrade', 'h2c, WebSocket')).status).toBe(101)
  })

  it.each([
    ['POST', 405, { environ: { requestMethod: 'POST' } }],
    ['HTTP/1.0', 426, { environ: { serverProtocol: 'HTTP/1.0' }, offered: false }],
    ['HTTP/2', 505, { environ: { serverProtocol: 'HTTP/2' }, offered: false }],
    ['a server without upgrades', 501, { offered: false }],
    ['a server about to stop', 503, { server: { draining: AbortSignal.abort() } }],
  ] as const)('is refused over %s', (_, status, given) => {
    const answer = shake(HANDSHAKE, {}, () => {}, given)
    expect(answer.status).toBe(status)
    expect(answer.body).toMatch(/^\S.*\n$/)
    expect(headers(answer.headers, 'upgrade')).toEqual(status === 426 ? ['websocket'] : [])
    expect(headers(answer.headers, 'allow')).toEqual(status === 405 ? ['GET'] : [])
  })

  it('is asked for where the request is an ordinary one', () => {
    const { status, body, headers: fields } = shake(['host', 'x'], {}, () => {}, { offered: false })
    expect([status, body]).toEqual([
      426,
      'this address speaks WebSocket; expected connection: upgrade with upgrade: websocket\n',
    ])
    expect(headers(fields, 'sec-websocket-version')).toEqual(['13'])
  })

  it.each([[], ['8'], ['13', '13'], ['13, 8']])('is refused with the version that is spoken, for %j', (...versions) => {
    const { status, headers: fields } = shake(without('sec-websocket-version', ...versions))
    expect([status, headers(fields, 'upgrade'), headers(fields, 'sec-websocket-version')]).toEqual([
      426,
      ['websocket'],
      ['13'],
    ])
  })

  it.each([
    [],
    [''],
    ['short'],
    ['dGhlIHNhbXBsZSBub25jZQ'],
    ['dGhlIHNhbXBsZSBub25jZR=='],
    [`${'A'.repeat(21)}Q==`, `${'A'.repeat(21)}Q==`],
  ])('is refused with 400 for the keys %j', (...keys) => {
    expect(shake(without('sec-websocket-key', ...keys)).status).toBe(400)
  })

  it('is refused with 400 where it has a body, or asks for no upgrade of the connection', () => {
    expect(shake([...HANDSHAKE, 'content-length', '3'], {}, () => {}, { offered: false }).status).toBe(400)
    expect(shake(without('connection', 'close'), {}, () => {}, { offered: false }).status).toBe(400)
  })

  it.each([
    ['chat', [], []],
    ['chat', ['chat'], ['chat']],
    ['v2, v1', ['v1', 'v2'], ['v2']],
    ['other', ['chat'], []],
  ])('agrees on a subprotocol: %j with %j', (offered, protocols, agreed) => {
    const answer = shake([...HANDSHAKE, 'sec-websocket-protocol', offered], { protocols })
    expect([answer.status, headers(answer.headers, 'sec-websocket-protocol')]).toEqual([101, agreed])
  })

  it.each(['', ',', 'a b', 'a,,b', 'chat, chat', 'a;b'].slice(1))('refuses the subprotocols %j', (offered) => {
    expect(shake([...HANDSHAKE, 'sec-websocket-protocol', offered], { protocols: ['chat'] }).status).toBe(400)
  })

  describe('compression', () => {
    const agreed = (offer: string, options: WebSocketOptions = { compression: true }): [number, string[]] => {
      const answer = shake([...HANDSHAKE, 'sec-websocket-extensions', offer], options)
      return [answer.status, headers(answer.headers, 'sec-websocket-extensions')]
    }

    it('is agreed on where both sides want it', () => {
      expect(agreed('permessage-deflate; client_max_window_bits')).toEqual([
        101,
        ['permessage-deflate; server_no_context_takeover; client_no_context_takeover'],
      ])
      expect(agreed('permessage-deflate', {})).toEqual([101, []])
      expect(agreed('x-other; a=1')).toEqual([101, []])
    })

    it('is refused where the offer is malformed', () => {
      expect(agreed('permessage-deflate; server_max_window_bits=7')[0]).toBe(400)
      expect(agreed('permessage-deflate; ;')[0]).toBe(400)
    })
  })

  describe('from a page', () => {
    const from = (origin: string, options: WebSocketOptions = {}, environ = {}): number =>
      shake([...HANDSHAKE, 'origin', origin], options, () => {}, { environ }).status

    it('is accepted from the same host alone', () => {
      expect(from('http://test.example')).toBe(101)
      for (const origin of ['http://evil.example', 'http://test.example:81', 'http://test.example.evil', 'null', 'x']) {
        expect(from(origin), origin).toBe(403)
      }
    })

    it('is accepted from a page that was served by https, by a proxy in front that is not known', () => {
      expect(from('https://test.example')).toBe(101)
      expect(from('https://test.example:8443', {}, { serverPort: 8443 })).toBe(101)
      expect(from('https://test.example', {}, { serverPort: 443, urlScheme: 'https' })).toBe(101)
      expect(from('http://[::1]:3000', {}, { serverName: '[::1]', serverPort: 3000 })).toBe(101)
    })

    it('is accepted from where the option says', () => {
      expect(from('http://evil.example', { origins: 'any' })).toBe(101)
      const origins = ['https://a.example', 'https://b.example:8443']
      expect(from('https://b.example:8443', { origins })).toBe(101)
      for (const origin of ['http://a.example', 'https://b.example', 'http://test.example', 'null']) {
        expect(from(origin, { origins }), origin).toBe(403)
      }
    })
  })

  it.each([
    { origins: ['https://a.example', ''] },
    { origins: ['example.com'] },
    { origins: ['*'] },
    { origins: ['localhost:3000'] },
  ])('takes no list with what is no origin: %j', (options) => {
    expect(() => shake(HANDSHAKE, options)).toThrow(/^origins: expected .*, got "/)
  })

  it.each([
    { maxPayload: 0 },
    { maxPayload: 1.5 },
    { idleTimeout: -1 },
    { closeTimeout: Number.NaN },
    { maxBacklog: -1 },
    { compression: { level: 10 } },
  ])('throws for the options %j', (options) => {
    expect(() => shake(HANDSHAKE, options)).toThrow(/^\w+(\.level)?: expected a whole number from \d+ to \d+, got /)
  })
})
