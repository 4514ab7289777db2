import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { httpDate, parseHttpDate } from './dates.ts'

const example = Date.UTC(1994, 10, 6, 8, 49, 37)

describe('httpDate', () => {
  it('writes IMF-fixdate', () => {
    expect(httpDate(example)).toBe('Sun, 06 Nov 1994 08:49:37 GMT')
    expect(httpDate(0)).toBe('Thu, 01 Jan 1970 00:00:00 GMT')
  })

  it('drops parts of a second, before 1970 as well', () => {
    expect(httpDate(example + 999)).toBe('Sun, 06 Nov 1994 08:49:37 GMT')
    expect(httpDate(-1)).toBe('Wed, 31 Dec 1969 23:59:59 GMT')
  })

  it('says each second anew', () => {
    expect(httpDate(example)).not.toBe(httpDate(example + 1000))
    expect(httpDate(example)).toBe('Sun, 06 Nov 1994 08:49:37 GMT')
  })

  it.each([Number.NaN, Infinity, Date.UTC(10_000, 0, 1), Date.UTC(-1, 0, 1)])('throws for %d', (time) => {
    expect(() => httpDate(time)).toThrow(RangeError)
    expect(httpDate(example)).toBe('Sun, 06 Nov 1994 08:49:37 GMT')
  })
})

describe('parseHttpDate', () => {
  it.each(['Sun, 06 Nov 1994 08:49:37 GMT', 'Sunday, 06-Nov-94 08:49:37 GMT', 'Sun Nov  6 08:49:37 1994'])(
    'reads %j',
    (text) => {
      expect(parseHttpDate(text)).toBe(example)
    },
  )

  it('reads what httpDate writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(1, 0, 1) / 1000, max: Date.UTC(9999, 11, 31) / 1000 }), (second) => {
        expect(parseHttpDate(httpDate(second * 1000))).toBe(second * 1000)
      }),
    )
  })

  it('reads years that Date would take for another century', () => {
    expect(parseHttpDate('Mon, 01 Jan 0001 00:00:00 GMT')).toBe(new Date('0001-01-01T00:00:00Z').getTime())
  })

  it('reads a leap second and a leap day', () => {
    expect(parseHttpDate('Sat, 31 Dec 2016 23:59:60 GMT')).toBe(Date.UTC(2017, 0, 1))
    expect(parseHttpDate('Thu, 29 Feb 2024 00:00:00 GMT')).toBe(Date.UTC(2024, 1, 29))
  })

  it('takes a two-digit year of more than 50 years ahead for one of the past', () => {
    const now = Date.UTC(2026, 5, 15)
    expect(parseHttpDate('Monday, 15-Jun-76 00:00:00 GMT', now)).toBe(Date.UTC(2076, 5, 15))
    expect(parseHttpDate('Tuesday, 16-Jun-76 00:00:00 GMT', now)).toBe(Date.UTC(1976, 5, 16))
    expect(parseHttpDate('Friday, 01-Jan-99 00:00:00 GMT', now)).toBe(Date.UTC(1999, 0, 1))
    expect(parseHttpDate('Friday, 01-Jan-10 00:00:00 GMT', Date.UTC(2090, 0, 1))).toBe(Date.UTC(2110, 0, 1))
  })

  it.each([
    '',
    '0',
    'tomorrow',
    '1994-11-06T08:49:37Z',
    'Sun, 6 Nov 1994 08:49:37 GMT',
    'Sun, 06 Nov 94 08:49:37 GMT',
    'Sun, 06 Nov 1994 08:49:37',
    'Sun, 06 Nov 1994 08:49:37 UTC',
    'Sun, 06 Nov 1994 08:49:37 +0000',
    'sun, 06 nov 1994 08:49:37 gmt',
    ' Sun, 06 Nov 1994 08:49:37 GMT',
    'Sun, 06 Nov 1994 08:49:37 GMT ',
    'Sun, 06 Nov 1994  08:49:37 GMT',
    'Sun, 06 Nov 1994 24:00:00 GMT',
    'Sun, 06 Nov 1994 08:60:00 GMT',
    'Sun, 06 Nov 1994 08:49:61 GMT',
    'Sun, 00 Nov 1994 08:49:37 GMT',
    'Sun, 31 Nov 1994 08:49:37 GMT',
    'Sun, 29 Feb 2023 08:49:37 GMT',
    'Sun, 06 Nox 1994 08:49:37 GMT',
    'Sun, 06 Anf 1994 08:49:37 GMT',
    'Sun Nov 6 08:49:37 1994',
    'Sun, 06-Nov-94 08:49:37 GMT',
    'Sunday, 06-Nov-1994 08:49:37 GMT',
  ])('refuses %j', (text) => {
    expect(parseHttpDate(text)).toBeNull()
  })

  it('gives a time or null for whatever comes', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const time = parseHttpDate(text)
        expect(time === null || Number.isInteger(time)).toBe(true)
      }),
    )
  })
})
