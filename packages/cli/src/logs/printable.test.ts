import { expect, it } from 'vitest'
import { printable } from './printable.ts'

it.each([
  ['plain text\n\twith a tab', 'plain text\n\twith a tab'],
  ['\x1b[31mred\x1b[0m', 'red'],
  ['\x1b\x1b[0m[2Jgone', '\\x1b[2Jgone'],
  ['\x9b2J', '\\x9b2J'],
  ['a\rb\bc\x07\x7f', 'a\\x0db\\x08c\\x07\\x7f'],
  ['\x1b]0;title', '\\x1b]0;title'],
  ['\x1bc', '\\x1bc'],
  ['\x85\u2028\u202etxt.exe', '\\x85\\u2028\\u202etxt.exe'],
  ['näme ✓', 'näme ✓'],
])('%j is printed as %j', (text, expected) => {
  expect(printable(text)).toBe(expected)
})
