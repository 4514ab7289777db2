import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { byteRanges } from './ranges.ts'

/** `'0-4 8-9'` for what is selected. */
function select(field: string, size: number, maxRanges?: number): string | null {
  const ranges = byteRanges(field, size, { maxRanges })
  return ranges === null || ranges === 'unsatisfiable' ? ranges : ranges.map((r) => `${r.first}-${r.last}`).join(' ')
}

describe('one range', () => {
  it.each([
    ['bytes=0-4', '0-4'],
    ['bytes=0-0', '0-0'],
    ['bytes=9-9', '9-9'],
    ['bytes=3-', '3-9'],
    ['bytes=-3', '7-9'],
    ['bytes=-10', '0-9'],
    ['bytes=-11', '0-9'],
    ['bytes=5-10', '5-9'],
    ['bytes=0-99999999999999999999999', '0-9'],
    ['bytes=00-01', '0-1'],
    ['BYTES=0-4', '0-4'],
  ])('%s of 10 bytes is %s', (field, selected) => {
    expect(select(field, 10)).toBe(selected)
  })

  it.each(['bytes=10-', 'bytes=10-20', 'bytes=-0', 'bytes=99999999999999999999-'])('%s of 10 bytes: 416', (field) => {
    expect(select(field, 10)).toBe('unsatisfiable')
  })

  it('selects nothing of an empty representation', () => {
    expect(select('bytes=0-', 0)).toBe('unsatisfiable')
    expect(select('bytes=-0', 0)).toBe('unsatisfiable')
    expect(select('bytes=-5', 0)).toBeNull()
  })

  it('reaches beyond 4 GiB', () => {
    expect(select('bytes=5000000000-5000000001', 6_000_000_000)).toBe('5000000000-5000000001')
  })
})

it.each([
  'bytes=9-1',
  'bytes=0-1,9-1',
  'bytes=',
  'bytes=,',
  'bytes=-',
  'bytes=a-b',
  'bytes=0-1;2-3',
  'bytes=0--1',
  'bytes=--1',
  'bytes=+0-1',
  'bytes=0x0-1',
  'bytes=1.0-2',
  'bytes=0 - 1',
  'bytes =0-1',
  'bytes= 0-1',
  'bytes:0-1',
  'bytes 0-1',
  '0-1',
  'bits=0-1',
  'lines=0-1',
  '',
])('%j is not honoured', (field) => {
  expect(select(field, 10)).toBeNull()
})

describe('many ranges', () => {
  it.each([
    ['bytes=0-1,4-5', '0-1 4-5'],
    ['bytes=4-5, 0-1', '4-5 0-1'],
    ['bytes=,0-1,,4-5,', '0-1 4-5'],
    ['bytes=0-1,20-30,4-5,-0', '0-1 4-5'],
    ['bytes=0-4,2-6', '0-6'],
    ['bytes=0-1,2-3', '0-3'],
    ['bytes=8-9,0-1,1-2', '8-9 0-2'],
    ['bytes=1-2,8-9,0-1', '0-2 8-9'],
    ['bytes=0-9,3-4', '0-9'],
    ['bytes=-2,0-0', '8-9 0-0'],
  ])('%s of 10 bytes is %s', (field, selected) => {
    expect(select(field, 10)).toBe(selected)
  })

  it('is unsatisfiable when every one of them is', () => {
    expect(select('bytes=10-,20-30,-0', 10)).toBe('unsatisfiable')
  })

  it('is not honoured above the cap, counting what is empty or joined as the client wrote it', () => {
    expect(select('bytes=0-0,2-2,4-4', 10, 3)).toBe('0-0 2-2 4-4')
    expect(select('bytes=0-0,2-2,4-4,6-6', 10, 3)).toBeNull()
    expect(select('bytes=0-0,0-0,0-0,0-0', 10, 3)).toBeNull()
    expect(select(`bytes=${'0-,'.repeat(17)}`, 10)).toBeNull()
  })

  it('selects exactly the bytes asked for, each once', () => {
    const spec = fc.oneof(
      fc.tuple(fc.nat(30), fc.nat(30)).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const),
      fc.nat(30).map((a) => [a, null] as const),
      fc.nat(30).map((n) => [null, n] as const),
    )
    fc.assert(
      fc.property(fc.array(spec, { minLength: 1, maxLength: 10 }), fc.integer({ min: 1, max: 25 }), (specs, size) => {
        const wanted = new Set<number>()
        for (const [a, b] of specs) {
          const from = a ?? Math.max(0, size - (b ?? 0))
          const to = a === null ? size - 1 : Math.min(b ?? size - 1, size - 1)
          for (let i = from; i <= to; i++) wanted.add(i)
        }
        const ranges = byteRanges(`bytes=${specs.map(([a, b]) => `${a ?? ''}-${b ?? ''}`).join(',')}`, size)
        const got = ranges === null || ranges === 'unsatisfiable' ? [] : ranges
        const bytes = got.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, i) => first + i))
        expect(new Set(bytes)).toEqual(wanted)
        expect(bytes.length).toBe(wanted.size)
      }),
    )
  })
})
