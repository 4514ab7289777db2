import { describe, expect, it } from 'vitest'
import { httpDate } from './dates.ts'
import { evaluatePreconditions, ifRangeHolds } from './preconditions.ts'

const modified = Date.UTC(2026, 0, 2, 3, 4, 5, 678)
const same = httpDate(modified)
const before = httpDate(modified - 1000)
const after = httpDate(modified + 1000)
const strong = { etag: '"a"', lastModified: modified }
const weak = { etag: 'W/"a"', lastModified: modified }

const get = (...headers: string[]) => evaluatePreconditions('GET', headers, strong)
const put = (...headers: string[]) => evaluatePreconditions('PUT', headers, strong)

it('proceeds without conditions', () => {
  expect(get('host', 'a', 'range', 'bytes=0-1')).toBe('proceed')
})

describe('If-Match', () => {
  it.each([
    ['"a"', 'proceed'],
    ['"b", "a"', 'proceed'],
    ['*', 'proceed'],
    ['"b"', 'failed'],
    ['W/"a"', 'failed'],
    ['a', 'failed'],
    ['', 'failed'],
  ])('%j: %s', (field, outcome) => {
    expect(get('if-match', field)).toBe(outcome)
    expect(put('if-match', field)).toBe(outcome)
  })

  it('compares strongly: a weak tag matches nothing, not even itself', () => {
    expect(evaluatePreconditions('GET', ['if-match', 'W/"a"'], weak)).toBe('failed')
  })

  it('fails where there is nothing to match', () => {
    expect(evaluatePreconditions('PUT', ['if-match', '*'], null)).toBe('failed')
    expect(evaluatePreconditions('GET', ['if-match', '"a"'], { etag: null, lastModified: modified })).toBe('failed')
  })

  it('reads several lines as one list', () => {
    expect(get('if-match', '"x"', 'if-match', '"a"')).toBe('proceed')
  })
})

describe('If-Unmodified-Since', () => {
  it.each([
    [before, 'failed'],
    [same, 'proceed'],
    [after, 'proceed'],
    ['garbage', 'proceed'],
  ])('%j: %s', (field, outcome) => {
    expect(get('if-unmodified-since', field)).toBe(outcome)
    expect(put('if-unmodified-since', field)).toBe(outcome)
  })

  it('is not asked beside If-Match', () => {
    expect(get('if-unmodified-since', before, 'if-match', '"a"')).toBe('proceed')
  })

  it('is ignored without a date to compare with', () => {
    expect(evaluatePreconditions('PUT', ['if-unmodified-since', before], null)).toBe('proceed')
    expect(evaluatePreconditions('GET', ['if-unmodified-since', before], { etag: null, lastModified: null })).toBe(
      'proceed',
    )
  })
})

describe('If-None-Match', () => {
  it.each([
    ['"a"', 'not modified'],
    ['W/"a"', 'not modified'],
    ['"x", W/"a"', 'not modified'],
    ['"x,", "a"', 'not modified'],
    ['*', 'not modified'],
    ['"b"', 'proceed'],
    ['a', 'proceed'],
    ['"a", b', 'proceed'],
  ])('%j: %s', (field, outcome) => {
    expect(get('if-none-match', field)).toBe(outcome)
    expect(put('if-none-match', field)).toBe(outcome === 'proceed' ? 'proceed' : 'failed')
  })

  it('compares weakly', () => {
    expect(evaluatePreconditions('HEAD', ['if-none-match', '"a"'], weak)).toBe('not modified')
  })

  it('reads several lines as one list', () => {
    expect(get('if-none-match', '"x"', 'if-none-match', '"a"')).toBe('not modified')
  })

  it('lets the first PUT through and stops the second', () => {
    expect(evaluatePreconditions('PUT', ['if-none-match', '*'], null)).toBe('proceed')
    expect(put('if-none-match', '*')).toBe('failed')
  })
})

describe('If-Modified-Since', () => {
  it.each([
    [before, 'proceed'],
    [same, 'not modified'],
    [after, 'not modified'],
    ['garbage', 'proceed'],
  ])('%j: %s', (field, outcome) => {
    expect(get('if-modified-since', field)).toBe(outcome)
    expect(put('if-modified-since', field)).toBe('proceed')
  })

  it('is not asked beside If-None-Match', () => {
    expect(get('if-modified-since', after, 'if-none-match', '"b"')).toBe('proceed')
  })

  it('is ignored when it came twice', () => {
    expect(get('if-modified-since', after, 'if-modified-since', after)).toBe('proceed')
  })
})

describe('the order', () => {
  it('asks If-Match before If-None-Match', () => {
    expect(get('if-none-match', '"a"', 'if-match', '"b"')).toBe('failed')
    expect(get('if-none-match', '"a"', 'if-match', '"a"')).toBe('not modified')
  })

  it('asks If-Unmodified-Since before If-Modified-Since', () => {
    expect(get('if-modified-since', after, 'if-unmodified-since', before)).toBe('failed')
    expect(get('if-modified-since', after, 'if-unmodified-since', after)).toBe('not modified')
  })
})

describe('ifRangeHolds', () => {
  it.each([
    ['"a"', true],
    ['W/"a"', false],
    ['"b"', false],
    ['"a", "b"', false],
    ['*', false],
    [same, true],
    [before, false],
    [after, false],
    ['garbage', false],
  ])('%j: %s', (field, holds) => {
    expect(ifRangeHolds(field, strong)).toBe(holds)
  })

  it('never holds by a weak tag, and still by the date beside it', () => {
    expect(ifRangeHolds('W/"a"', weak)).toBe(false)
    expect(ifRangeHolds('"a"', weak)).toBe(false)
    expect(ifRangeHolds(same, weak)).toBe(true)
  })

  it('does not hold where there is nothing to compare with', () => {
    expect(ifRangeHolds(same, { etag: null, lastModified: null })).toBe(false)
  })
})
