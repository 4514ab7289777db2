/** Response heads: framing (RFC 9112 §6, RFC 9110 §8.6) and the fields an application may send. */
import { describe, expect, test } from 'vitest'
import {
  fieldLines,
  type ResponseFields,
  lastChunk,
  writeInterimHead,
  writeResponseHead,
  writeUpgradeHead,
} from '../src/index.ts'

const DATE = 'date: Thu, 01 Jan 1970 00:00:00 GMT\r\n'
const GET = { minorVersion: 1, hasBody: true, keepAlive: true } as const

interface Case {
  readonly status?: number
  readonly headers?: readonly string[]
  readonly length?: number
  readonly request?: Partial<{ minorVersion: 0 | 1; hasBody: boolean; keepAlive: boolean }>
}

const written = (list: readonly string[]): ResponseFields => ({
  lines: fieldLines(list),
  close: list.includes('connection'),
  hasDate: list.includes('date'),
})

const write = ({ status = 200, headers = [], length = 0, request = {} }: Case): ReturnType<typeof writeResponseHead> =>
  writeResponseHead(status, 'R', written(headers), length, { ...GET, ...request }, '', DATE)

const fieldsOf = (text: string): string[] =>
  text
    .split('\r\n')
    .slice(1, -2)
    .filter((line) => !line.startsWith('date'))

describe('framing', () => {
  test('a known length is declared', () => {
    expect(write({ length: 5 })).toMatchObject({ framing: 'length', close: false })
    expect(fieldsOf(write({ length: 5 }).text)).toEqual(['content-length: 5'])
    expect(fieldsOf(write({ length: 123_456 }).text)).toEqual(['content-length: 123456'])
  })
  test('an unknown one is chunked in HTTP/1.1', () => {
    expect(write({ length: -1 })).toMatchObject({ framing: 'chunked', close: false })
    expect(fieldsOf(write({ length: -1 }).text)).toEqual(['transfer-encoding: chunked'])
  })
  test('an unknown one ends the connection in HTTP/1.0, which never gets chunks', () => {
    const head = write({ length: -1, request: { minorVersion: 0 } })
    expect(head).toMatchObject({ framing: 'close', close: true })
    expect(fieldsOf(head.text)).toEqual(['connection: close'])
  })
  test('a response without a body says what one with it would', () => {
    const request = { hasBody: false }
    for (const length of [0, 5, -1]) {
      expect(write({ request, length }).framing).toBe('none')
      expect(fieldsOf(write({ request, length }).text)).toEqual(fieldsOf(write({ length }).text))
    }
  })
  test('of which nothing is known says nothing', () => {
    for (const hasBody of [true, false]) {
      expect(write({ request: { hasBody }, length: -2 })).toMatchObject({ framing: 'none', close: false })
      expect(fieldsOf(write({ request: { hasBody }, length: -2 }).text)).toEqual([])
    }
  })
  test('an unknown one without a body keeps the connection in HTTP/1.0', () => {
    expect(write({ length: -1, request: { hasBody: false, minorVersion: 0, keepAlive: true } }).close).toBe(false)
  })
  test('close is said by either side; HTTP/1.0 is told of keep-alive', () => {
    expect(fieldsOf(write({ request: { keepAlive: false } }).text)).toContain('connection: close')
    expect(write({ headers: ['connection', 'Close'] })).toMatchObject({ close: true })
    expect(fieldsOf(write({ headers: ['connection', 'close'] }).text)).toEqual([
      'content-length: 0',
      'connection: close',
    ])
    expect(fieldsOf(write({ request: { minorVersion: 0, keepAlive: true } }).text)).toContain('connection: keep-alive')
  })
  test("the date is the server's, unless the application gave one", () => {
    expect(write({}).text).toContain(DATE)
    expect(write({ headers: ['date', 'x'] }).text.match(/date:/g)).toHaveLength(1)
  })
  test('a new date replaces the old one', () => {
    const other = 'date: other\r\n'
    const fields = written([])
    expect(writeResponseHead(200, 'OK', fields, 0, GET, 'server: a\r\n', other).text).toContain('server: a')
    expect(writeResponseHead(200, 'OK', fields, 0, GET, '', DATE).text).toContain(DATE)
    expect(writeResponseHead(200, 'OK', fields, 0, GET, '', DATE).text).not.toContain('server')
  })
})

describe('fields', () => {
  test('keep order, repetition and bytes', () => {
    expect(fieldLines(['set-cookie', 'a=1', 'x', '\xe9', 'set-cookie', 'b=2'])).toBe(
      'set-cookie: a=1\r\nx: \xe9\r\nset-cookie: b=2\r\n',
    )
  })
  test('with an empty value are written', () => {
    expect(fieldLines(['x-never-seen', ''])).toBe('x-never-seen: \r\n')
  })
  test('leave out what framing decides', () => {
    expect(fieldLines(['content-length', '5', 'a', 'connection', 'connection', 'close'])).toBe('a: connection\r\n')
  })
})

describe('the rest', () => {
  test('1xx heads have no date and no body', () => {
    expect(writeInterimHead(103, 'Early Hints', written(['link', '</a>']))).toBe(
      'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n',
    )
  })
  test('an upgrade names the protocol', () => {
    expect(writeUpgradeHead('websocket', written(['x', 'y']))).toBe(
      'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\nx: y\r\n\r\n',
    )
  })
  test('trailers follow the last chunk, and never frame', () => {
    expect(lastChunk(fieldLines(['x', 'y']))).toBe('0\r\nx: y\r\n\r\n')
  })
})
