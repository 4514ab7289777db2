import { describe, expect, it } from 'vitest'
import { UwsgiParser, writeUwsgiPacket } from '../src/index.ts'
import { collect, variables } from './collect.ts'

const packet = (changes: Readonly<Record<string, string>> = {}): string =>
  writeUwsgiPacket(variables(changes)).toString('latin1')
const broken = (bytes: string): string => {
  const [first] = collect('uwsgi', [bytes])
  return first?.type === 'broken' ? first.message : JSON.stringify(first)
}

describe('uwsgi', () => {
  it('reports the request, its body and their end', () => {
    const reported = collect('uwsgi', [`${packet({ CONTENT_LENGTH: '5' })}hello`])
    expect(reported.map(({ type }) => type)).toEqual(['request', 'data', 'end', 'eof'])
    expect(reported[1]).toEqual({ type: 'data', text: 'hello' })
  })

  it('ignores what follows the one request of a connection', () => {
    expect(collect('uwsgi', [packet() + packet()]).map(({ type }) => type)).toEqual(['request', 'end', 'eof'])
  })

  it('refuses a body without a length, whose end nothing would say', () => {
    const list = variables({ CONTENT_LENGTH: null, HTTP_TRANSFER_ENCODING: 'chunked' })
    const [first] = collect('uwsgi', [`${writeUwsgiPacket(list).toString('latin1')}hello`])
    expect(first).toMatchObject({ type: 'error', status: 400, message: expect.stringContaining('CONTENT_LENGTH') })
  })

  it('takes an empty length for no body, whatever the client sent to the gateway', () => {
    const reported = collect('uwsgi', [packet({ HTTP_TRANSFER_ENCODING: 'chunked' })])
    expect(reported.map(({ type }) => type)).toEqual(['request', 'end', 'eof'])
    expect(reported[0]).toMatchObject({ bodyLength: 0, headers: ['host', 'example.org'] })
  })

  it('reports a body that ends early as incomplete', () => {
    expect(collect('uwsgi', [`${packet({ CONTENT_LENGTH: '5' })}he`]).at(-1)).toMatchObject({
      type: 'error',
      incomplete: true,
    })
  })

  it.each([
    ['plain HTTP', 'GET / HTTP/1.1\r\n\r\n', /got plain HTTP \("GET/],
    ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01', /got TLS/],
    ['FastCGI', '\x01\x01\x00\x01\x00\x08\x00\x00\x00\x01\x01\x00', /got FastCGI/],
    ['the PROXY protocol', 'PROXY TCP4 1.1.1.1', /got a header of the PROXY protocol/],
    ['another modifier', '\x00\x00\x00\x05abcd', /expected a uwsgi packet with modifiers 0 and 0/],
    ['a size beyond the packet', '\x00\x04\x00\x00\x09\x00ab', /expected a name of 9 bytes in the uwsgi packet, got 2/],
    ['a size of one byte', '\x00\x01\x00\x00\x09', /expected a name with its size of 2 bytes/],
    ['a name without a value', '\x00\x03\x00\x00\x01\x00a', /expected a value for each name/],
    ['an end within the variables', '\x00\x99\x00\x00abc', /left within the variables/],
  ])('says what it got instead: %s', (_what, bytes, message) => {
    expect(broken(bytes)).toMatch(message)
  })

  it('holds no more than one packet of what is received', () => {
    const parser = new UwsgiParser()
    parser.receive(Buffer.from(packet()))
    parser.next()
    parser.next()
    for (let i = 0; i < 100; i++) {
      parser.receive(Buffer.alloc(64 * 1024))
      parser.release()
    }
    expect(parser.buffered).toBe(0)
  })
})
