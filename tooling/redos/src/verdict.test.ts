import { describe, expect, it } from 'vitest'
import { expressionsOf } from './literals.ts'
import { verdictOn } from './verdict.ts'

describe('verdictOn', () => {
  it.each([
    ['blanks at the end of anything', String.raw`[ \t]+$`, ''],
    ['blanks at both ends, everywhere', String.raw`^[ \t]+|[ \t]+$`, 'g'],
    ['blanks twice before what does not fit', String.raw`^[ \t]*(?:\d+)?[ \t]*$`, ''],
    ['a quote that is never closed, tried again at each quote', String.raw`(?:"(?:[^"\\]|\\.)*"|[^",])+`, 'g'],
    ['a group that can be split in many ways', '^(a+)+$', ''],
  ])('reports %s', { timeout: 60_000 }, (_, pattern, flags) => {
    expect(verdictOn(pattern, flags)).toMatch(/polynomial|exponential/)
  })

  it.each([
    [String.raw`^\d+$`, ''],
    [String.raw`\d{1,3}`, 'g'],
    [String.raw`[^\x20-\x7e]`, 'g'],
    [String.raw`^"(?:[^"\\]|\\.)*"`, ''],
  ])('takes /%s/%s for linear', { timeout: 60_000 }, (pattern, flags) => {
    expect(verdictOn(pattern, flags)).toBeNull()
  })
})

describe('expressionsOf', () => {
  it('finds literals, and what is made at run time, with their lines', () => {
    const source = 'const a: RegExp = /x+/g\n// not /this/\nconst b = [new RegExp(`${a.source}`), RegExp(c)] as const\n'
    expect(expressionsOf('a.ts', source).map(({ line, text, literal }) => [line, text, literal])).toEqual([
      [1, '/x+/g', { pattern: 'x+', flags: 'g' }],
      [3, 'new RegExp(`${a.source}`)', null],
      [3, 'RegExp(c)', null],
    ])
  })
})
