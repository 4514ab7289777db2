import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseEntityTags, strongMatch, weakMatch } from './entity-tags.ts'

describe('parseEntityTags', () => {
  it.each([
    ['*', '*'],
    [' * ', '*'],
    ['"a"', ['"a"']],
    ['W/"a"', ['W/"a"']],
    ['""', ['""']],
    ['"a", W/"b"\t,"c"', ['"a"', 'W/"b"', '"c"']],
    ['"a,b", "c"', ['"a,b"', '"c"']],
    [',, "a" ,,', ['"a"']],
    ['"a\\"', ['"a\\"']],
    ['"\u00e4"', ['"\u00e4"']],
    ['', []],
  ])('reads %j', (field, tags) => {
    expect(parseEntityTags(field)).toEqual(tags)
  })

  it.each([
    'a',
    '"a',
    'a"',
    '"a" "b"',
    '"a"b',
    'w/"a"',
    'W/ "a"',
    'W/a',
    "'a'",
    '"a", *',
    '"a b"',
    '"a"; "b"',
    '"\u0100"',
  ])('refuses %j', (field) => {
    expect(parseEntityTags(field)).toBeNull()
  })

  it('reads back any list of tags', () => {
    const tag = fc
      .tuple(fc.boolean(), fc.stringMatching(/^[\x21\x23-\x7e]*$/))
      .map(([weak, text]) => `${weak ? 'W/' : ''}"${text}"`)
    fc.assert(
      fc.property(fc.array(tag), (tags) => {
        expect(parseEntityTags(tags.join(' , '))).toEqual(tags)
      }),
    )
  })
})

// The table of RFC 9110 §8.8.3.2.
it.each([
  ['W/"1"', 'W/"1"', false, true],
  ['W/"1"', 'W/"2"', false, false],
  ['W/"1"', '"1"', false, true],
  ['"1"', '"1"', true, true],
  ['"1"', '"2"', false, false],
])('compares %s with %s: strong %s, weak %s', (a, b, strong, weak) => {
  expect(strongMatch(a, b)).toBe(strong)
  expect(strongMatch(b, a)).toBe(strong)
  expect(weakMatch(a, b)).toBe(weak)
  expect(weakMatch(b, a)).toBe(weak)
})
