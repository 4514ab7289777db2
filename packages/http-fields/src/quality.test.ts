import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parsePreferences, preferredEncoding, preferredMediaType } from './quality.ts'

describe('parsePreferences', () => {
  it('reads values, parameters and qualities in order', () => {
    const read = parsePreferences('Text/HTML;Level=1 ; q=0.5;ext=1, */*;q=0.1,\tx;a="b,\\"c;q=1"')
    expect(read.map(({ value, parameters, quality }) => [value, Object.fromEntries(parameters), quality])).toEqual([
      ['text/html', { level: '1' }, 0.5],
      ['*/*', {}, 0.1],
      ['x', { a: 'b,"c;q=1' }, 1],
    ])
  })

  it.each(['0', '0.', '0.5', '0.123', '1', '1.', '1.000', '0.000'])('takes q=%s', (q) => {
    expect(parsePreferences(`gzip;q=${q}`)).toMatchObject([{ quality: Number(q) }])
  })

  it.each(['2', '1.1', '0.1234', '-1', '.5', '1e0', '', '"1"', 'x', '1.0001'])('leaves out a member with q=%s', (q) => {
    expect(parsePreferences(`gzip;q=${q}, br`).map(({ value }) => value)).toEqual(['br'])
  })

  it.each(['a b', 'a/', '/a', 'a/b/c', 'a;b', 'a;"b"', '=', 'ä'])('leaves out %j', (member) => {
    expect(parsePreferences(`${member}, ok`).map(({ value }) => value)).toEqual(['ok'])
  })

  it('passes over empty members and an empty field', () => {
    expect(parsePreferences(',, gzip ,').map(({ value }) => value)).toEqual(['gzip'])
    expect(parsePreferences('')).toEqual([])
  })

  it('has an answer to anything, with qualities from 0 to 1', () => {
    fc.assert(
      fc.property(fc.string(), (field) => {
        for (const { quality } of parsePreferences(field)) expect(quality >= 0 && quality <= 1).toBe(true)
      }),
    )
  })
})

describe('preferredEncoding', () => {
  const available = ['br', 'zstd', 'gzip']
  it.each([
    [undefined, 'identity'],
    ['', 'identity'],
    ['gzip', 'gzip'],
    ['GZip', 'gzip'],
    ['x-gzip', 'gzip'],
    ['gzip, deflate, br', 'br'],
    ['br;q=0.5, gzip;q=0.8', 'gzip'],
    ['gzip;q=0.5', 'gzip'],
    ['gzip;q=0.5, identity', 'identity'],
    ['gzip;q=0.5, identity;q=0.5', 'gzip'],
    ['*', 'br'],
    ['*, br;q=0', 'zstd'],
    ['br;q=0, *;q=0.1', 'zstd'],
    ['deflate', 'identity'],
    ['gzip;q=0', 'identity'],
    ['gzip;q=0, *;q=0', null],
    ['identity;q=0', null],
    ['identity;q=0, gzip', 'gzip'],
    ['*;q=0, identity', 'identity'],
    ['*;q=0', null],
    ['gzip;q=nonsense', 'identity'],
  ])('%j: %s', (field, coding) => {
    expect(preferredEncoding(field, available)).toBe(coding)
  })

  it('never chooses what the client refuses or the server has not', () => {
    const coding = fc.constantFrom('br', 'gzip', 'zstd', 'identity', '*')
    const member = fc.tuple(coding, fc.constantFrom(0, 0.001, 0.5, 1))
    fc.assert(
      fc.property(
        fc.uniqueArray(member, { selector: ([name]) => name }),
        fc.subarray(['br', 'zstd', 'gzip']),
        (members, offered) => {
          const chosen = preferredEncoding(members.map(([name, q]) => `${name};q=${q}`).join(', '), offered)
          const q = new Map<string, number>(members)
          if (chosen !== null) {
            expect([...offered, 'identity']).toContain(chosen)
            expect(q.get(chosen) ?? q.get('*') ?? (chosen === 'identity' ? 1 : 0)).toBeGreaterThan(0)
          }
        },
      ),
    )
  })
})

describe('preferredMediaType', () => {
  it.each([
    [undefined, ['a/b', 'c/d'], 'a/b'],
    [undefined, [], null],
    ['', ['a/b'], null],
    ['*/*', ['a/b', 'c/d'], 'a/b'],
    ['text/html', ['application/json', 'text/html'], 'text/html'],
    ['text/*;q=0.5, application/json;q=0.4', ['application/json', 'text/html'], 'text/html'],
    ['text/*, text/html;q=0.1, */*;q=0.5', ['text/html', 'application/json'], 'application/json'],
    ['text/html;q=0, */*', ['text/html'], null],
    ['text/html;level=1, text/html;q=0.3', ['text/html', 'text/html;level=1'], 'text/html;level=1'],
    ['text/html;level=2', ['text/html'], null],
    ['image/*', ['imagex/png'], null],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', ['application/json', 'text/html'], 'text/html'],
  ])('%j of %j: %s', (field, available, type) => {
    expect(preferredMediaType(field, available)).toBe(type)
  })
})
