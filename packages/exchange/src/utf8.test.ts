import { assert, property, string } from 'fast-check'
import { expect, test } from 'vitest'
import { countBytes } from './utf8.ts'

test('counts the bytes that a text has in UTF-8', () => {
  assert(
    property(string({ unit: 'binary' }), (text) => {
      expect(countBytes(text)).toBe(new TextEncoder().encode(text).length)
    }),
  )
})

test('counts single surrogates as the character that stands in for them', () => {
  for (const text of ['\ud800', '\udc00', 'a\ud800b', '\udc00\ud800', '\ud83d\ude00\ud83d']) {
    expect(countBytes(text)).toBe(new TextEncoder().encode(text).length)
  }
})
