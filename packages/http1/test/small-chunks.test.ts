/** Chunks that arrived together are one piece: what a body costs does not depend on how its client cuts it. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DEFAULT_PARSER_LIMITS, RequestParser } from '../src/index.ts'

const HEAD = 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n'
const chunk = (data: string): string => `${data.length.toString(16)}\r\n${data}\r\n`

/** The sizes of the data events, all data, and how it ended. */
function read(text: string, { maxData = Infinity, limits = {} } = {}): { sizes: number[]; data: string; end: string } {
  const parser = new RequestParser({ ...DEFAULT_PARSER_LIMITS, ...limits })
  parser.receive(Buffer.from(text, 'latin1'))
  expect(parser.next().type).toBe('request')
  const sizes: number[] = []
  let data = ''
  for (;;) {
    const event = parser.next(maxData)
    if (event.type !== 'data') return { sizes, data, end: event.type === 'error' ? String(event.status) : event.type }
    sizes.push(event.bytes.length)
    data += Buffer.from(event.bytes).toString('latin1')
  }
}

describe('small chunks', () => {
  test('of one byte each are one piece', () => {
    expect(read(`${HEAD}${chunk('x').repeat(10_000)}0\r\n\r\n`)).toMatchObject({ sizes: [10_000], end: 'end' })
  })
  test('are pieces of a bounded size where there are many', () => {
    const { sizes, data } = read(`${HEAD}${chunk('xy').repeat(50_000)}`)
    expect(data.length).toBe(100_000)
    expect(Math.max(...sizes)).toBe(16 * 1024)
  })
  test('do not hold up what came before a fault behind them', () => {
    expect(read(`${HEAD}${chunk('a')}${chunk('b')}x\r\n`)).toEqual({ sizes: [2], data: 'ab', end: '400' })
    const limits = { maxBodySize: 3 }
    expect(read(HEAD + chunk('a').repeat(5), { limits })).toEqual({ sizes: [3], data: 'aaa', end: '413' })
  })
  test('before large ones leave these as they are', () => {
    const large = 'l'.repeat(40_000)
    expect(read(`${HEAD}${chunk('a')}${chunk('b')}${chunk(large)}${chunk(large)}`).sizes).toEqual([2, 40_000, 40_000])
  })
  test('give the same bytes in pieces of any size that is asked for', () => {
    const pieces = fc.array(fc.string({ minLength: 1, maxLength: 3000, unit: 'binary-ascii' }), { maxLength: 20 })
    fc.assert(
      fc.property(pieces, fc.integer({ min: 1, max: 5000 }), (chunks, maxData) => {
        const { sizes, data, end } = read(`${HEAD}${chunks.map(chunk).join('')}0\r\nT: u\r\n\r\n`, { maxData })
        expect(data).toBe(chunks.join(''))
        expect(end).toBe('end')
        expect(Math.max(0, ...sizes)).toBeLessThanOrEqual(maxData)
      }),
    )
  })
})
