import { describe, expect, it } from 'vitest'
import { FastCgiParser, record, writeFastCgiBody, writeFastCgiRequest } from '../src/index.ts'
import { collect, requestIn, type Reported, variables } from './collect.ts'

const begin = (id: number, changes: Readonly<Record<string, string>> = {}, keep = true): string =>
  writeFastCgiRequest(id, variables(changes), keep)
const whole = (id: number, body = ''): string =>
  begin(id, { CONTENT_LENGTH: body === '' ? '' : String(body.length) }) +
  (body === '' ? '' : writeFastCgiBody(id, body)) +
  writeFastCgiBody(id, '')
const types = (reported: readonly Reported[]): string[] => reported.map(({ type }) => type)
const broken = (bytes: string): string => {
  const last = collect('fastcgi', [bytes]).at(-1)
  return last?.type === 'broken' ? last.message : JSON.stringify(last)
}
const ABORT = 2
const GET_VALUES = 9

describe('FastCGI', () => {
  it('reports one request after the other on a kept connection', () => {
    const reported = collect('fastcgi', [whole(1, 'hello') + whole(1) + whole(2)])
    expect(types(reported)).toEqual(['request', 'data', 'end', 'request', 'end', 'request', 'end', 'eof'])
    expect(requestIn(reported).keepAlive).toBe(true)
  })

  it('says whether the connection is kept', () => {
    expect(requestIn(collect('fastcgi', [begin(1, {}, false)], {}, false)).keepAlive).toBe(false)
  })

  it('joins variables and bodies that come in many records, whatever their padding', () => {
    const padded = (text: string): string => `${text.slice(0, 6)}${String.fromCharCode(3)}${text.slice(7)}\0\0\0`
    const params = begin(1, { CONTENT_LENGTH: '6' })
    const start = params.slice(0, 16)
    // Behind BEGIN_REQUEST, and without the empty record at the end.
    const pairs = params.slice(24, -8)
    const cut = [pairs.slice(0, 50), pairs.slice(50, 51), pairs.slice(51)].map((part) => padded(record(4, 1, part)))
    const body = [padded(record(5, 1, 'hel')), record(5, 1, 'lo'), padded(record(5, 1, '!')), record(5, 1, '')]
    const reported = collect('fastcgi', [start + cut.join('') + record(4, 1, '') + body.join('')])
    expect(types(reported)).toEqual(['request', 'data', 'end', 'eof'])
    expect(reported[1]).toEqual({ type: 'data', text: 'hello!' })
  })

  it('answers what a gateway asks about this program, and nothing it does not know', () => {
    const asked = record(GET_VALUES, 0, '\x0f\0FCGI_MPXS_CONNS\x04\0NAME')
    expect(collect('fastcgi', [asked])[0]).toEqual({
      type: 'reply',
      text: record(10, 0, '\x0f\x01FCGI_MPXS_CONNS0'),
    })
    expect(collect('fastcgi', [record(77, 0, '')])[0]).toEqual({
      type: 'reply',
      text: record(11, 0, '\x4d\0\0\0\0\0\0\0'),
    })
  })

  it('refuses a request that begins within another, and reads on with the first', () => {
    const second = begin(2) + writeFastCgiBody(2, '')
    const first = begin(1, { CONTENT_LENGTH: '5' })
    const reported = collect('fastcgi', [first + second + writeFastCgiBody(1, 'hello') + writeFastCgiBody(1, '')])
    expect(types(reported)).toEqual(['request', 'reply', 'data', 'end', 'eof'])
    // FCGI_CANT_MPX_CONN of request 2.
    expect(reported[1]).toMatchObject({ text: record(3, 2, '\0\0\0\0\x01\0\0\0') })
  })

  it('refuses a role that it does not have', () => {
    const filter = record(1, 1, '\0\x03\0\0\0\0\0\0') + record(4, 1, '')
    const reported = collect('fastcgi', [filter + whole(1)])
    expect(types(reported)).toEqual(['reply', 'request', 'end', 'eof'])
  })

  it('reports that the gateway aborts the request', () => {
    const reported = collect('fastcgi', [begin(1, { CONTENT_LENGTH: '5' }) + record(ABORT, 1, '')], {}, false)
    expect(types(reported)).toEqual(['request', 'aborted'])
  })

  it('notices an abort while the request is being answered', () => {
    const parser = new FastCgiParser()
    parser.receive(Buffer.from(whole(1), 'latin1'))
    expect(parser.next().type).toBe('request')
    expect(parser.next().type).toBe('end')
    expect(parser.aborted).toBe(false)
    parser.receive(Buffer.from(record(ABORT, 2, ''), 'latin1'))
    expect(parser.aborted).toBe(false)
    const other = new FastCgiParser()
    other.receive(Buffer.from(whole(1) + record(ABORT, 1, ''), 'latin1'))
    other.next()
    other.next()
    expect(other.aborted).toBe(true)
    other.answered()
    expect(other.aborted).toBe(false)
  })

  it('notices an abort behind the padding of a body and of its end', () => {
    const parser = new FastCgiParser()
    const padded = (text: string): string => `${text.slice(0, 6)}${String.fromCharCode(3)}${text.slice(7)}\0\0\0`
    const [body, end, abort] = [record(5, 1, 'hello'), record(5, 1, ''), record(ABORT, 1, '')]
    parser.receive(Buffer.from(begin(1, { CONTENT_LENGTH: '5' }) + padded(body) + padded(end), 'latin1'))
    expect([parser.next().type, parser.next().type, parser.next().type]).toEqual(['request', 'data', 'end'])
    expect(parser.aborted).toBe(false)
    parser.receive(Buffer.from(abort, 'latin1'))
    expect(parser.aborted).toBe(true)
    expect(parser.next().type).toBe('aborted')
  })

  it('goes from an answered request whose body has not ended to the next', () => {
    const parser = new FastCgiParser()
    parser.receive(Buffer.from(begin(1, { CONTENT_LENGTH: '5' }) + writeFastCgiBody(1, 'he'), 'latin1'))
    expect(parser.next().type).toBe('request')
    parser.answered()
    expect(parser.next().type).toBe('data')
    parser.receive(Buffer.from(begin(2) + writeFastCgiBody(1, 'late') + writeFastCgiBody(2, ''), 'latin1'))
    expect([parser.next(), parser.next(), parser.next(), parser.next()].map(({ type }) => type)).toEqual([
      'end',
      'request',
      'end',
      'need-more',
    ])
    expect(parser.idle).toBe(true)
  })

  it.each<[string, string, RegExp]>([
    ['plain HTTP', 'GET / HTTP/1.1\r\n\r\n', /expected a FastCGI record of version 1, got plain HTTP/],
    ['uwsgi', '\0\x04\0\0\x09\0ab', /got a uwsgi packet/],
    ['a record of a request that nobody began', record(5, 7, 'x'), /expected a BEGIN_REQUEST, got one of request 7/],
    [
      'a record of another request',
      begin(1) + record(4, 9, 'x'),
      /expected a record of request 1, got one of request 9/,
    ],
    ['a type of the other direction', begin(1) + record(6, 1, 'x'), /expected a record of a request/],
    ['a short BEGIN_REQUEST', record(1, 1, '\0\x01'), /expected a BEGIN_REQUEST of 8 bytes, got 2/],
    ['a request that begins twice', begin(1, { CONTENT_LENGTH: '5' }) + begin(1), /expected request 1 to end before/],
    [
      'a body in front of the variables',
      begin(1).slice(0, 16) + record(5, 1, 'x'),
      /expected the variables of the request first/,
    ],
    [
      'a pair that is longer than the variables',
      `${begin(1).slice(0, 16)}${record(4, 1, '\x05\x05ab')}${record(4, 1, '')}`,
      /expected a name and a value of 10 bytes in the variables, got 2/,
    ],
    [
      'a size that is cut off',
      `${begin(1).slice(0, 16)}${record(4, 1, '\x80\0')}${record(4, 1, '')}`,
      /expected the size of a name/,
    ],
    ['an end within a record', begin(1).slice(0, 20), /left within a record/],
  ])('says what it got instead: %s', (_what, bytes, message) => {
    expect(broken(bytes)).toMatch(message)
  })

  it.each<[string, string, number]>([
    ['longer', writeFastCgiBody(1, 'hello!'), 400],
    ['shorter', writeFastCgiBody(1, 'he') + writeFastCgiBody(1, ''), 400],
  ])('refuses a body %s than its length', (_what, body, status) => {
    expect(collect('fastcgi', [begin(1, { CONTENT_LENGTH: '5' }) + body]).at(-1)).toMatchObject({
      type: 'error',
      status,
    })
  })

  describe('with a body of unknown length', () => {
    const chunked = begin(1, { HTTP_TRANSFER_ENCODING: 'chunked' })

    it('reads it until its empty record, and the next request behind it', () => {
      const body = writeFastCgiBody(1, 'hel') + writeFastCgiBody(1, 'lo') + writeFastCgiBody(1, '')
      const reported = collect('fastcgi', [chunked + body + whole(1)])
      expect(types(reported)).toEqual(['request', 'data', 'end', 'request', 'end', 'eof'])
      expect(reported[1]).toEqual({ type: 'data', text: 'hello' })
      expect(types(collect('fastcgi', [chunked + writeFastCgiBody(1, '') + whole(1)]))).toEqual([
        'request',
        'end',
        'request',
        'end',
        'eof',
      ])
    })

    it('refuses one that is longer than allowed, or is cut off', () => {
      const body = writeFastCgiBody(1, 'hel') + writeFastCgiBody(1, 'lo!')
      expect(collect('fastcgi', [chunked + body], { maxBodySize: 5 }).at(-1)).toMatchObject({ status: 413 })
      expect(collect('fastcgi', [chunked + body]).at(-1)).toMatchObject({ status: 400, incomplete: true })
    })

    it('says that its length is unknown', () => {
      const parser = new FastCgiParser()
      parser.receive(Buffer.from(chunked + writeFastCgiBody(1, 'hello'), 'latin1'))
      parser.next()
      parser.next()
      expect(parser.bodyLeft).toBe(-1)
    })
  })

  it('keeps no more variables in memory than the limits allow', () => {
    const start = begin(1).slice(0, 16)
    const part = record(4, 1, 'x'.repeat(60_000))
    expect(collect('fastcgi', [start, part, part]).at(-1)).toMatchObject({ type: 'error', status: 431 })
  })

  it('gives up on a gateway that begins many requests in vain', () => {
    const many = Array.from({ length: 40 }, (_, i) => begin(i + 2).slice(0, 16)).join('')
    expect(broken(begin(1, { CONTENT_LENGTH: '5' }) + many)).toMatch(/expected one request at a time/)
  })
})
