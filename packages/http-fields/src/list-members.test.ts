import { describe, expect, it } from 'vitest'
import { splitMembers, trimBlanks } from './list-members.ts'

describe('splitMembers', () => {
  it.each([
    ['', []],
    [', ,\t,', []],
    ['a, b ,c', ['a', ' b ', 'c']],
    ['a;b="c,d", e', ['a;b="c,d"', ' e']],
    ['a;b="c\\",d", e', ['a;b="c\\",d"', ' e']],
    ['a;b="c, d, e', ['a;b="c, d, e']],
    ['a, "b\\', ['a', ' "b\\']],
    ['a, "', ['a', ' "']],
    ['a\\,b', ['a\\', 'b']],
    ['"a"b"c,d",e', ['"a"b"c,d"', 'e']],
  ])('splits %j into %j', (field, members) => {
    expect(splitMembers(field)).toEqual(members)
  })
})

describe('trimBlanks', () => {
  it.each([
    ['', ''],
    [' \t ', ''],
    ['\ta b ', 'a b'],
    ['\u00A0a\u00A0', '\u00A0a\u00A0'],
  ])('trims %j to %j', (text, trimmed) => {
    expect(trimBlanks(text)).toBe(trimmed)
  })
})
