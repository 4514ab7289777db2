import { expect, it } from 'vitest'
import { HASHED_NAME, settle } from './settings.ts'

it.each([
  'app.3f2a1b4c.js',
  'app-3f2a1b4c.js',
  'index-DhF3k9aB.js',
  'assets/index-C_x3-9aB.css',
  'main.0123456789abcdef.chunk.js',
])('%s is hashed', (name) => {
  expect(HASHED_NAME.test(name)).toBe(true)
})

it.each([
  'app.js',
  'jquery-3.7.1.min.js',
  'jquery-migration.js',
  'report-20260102.pdf',
  'my-component.js',
  'deadbeef.js',
  'some.facade.js',
  'app-3f2a1b4.js',
  '3f2a1b4c/app.js',
  'a-3f2a1b4c/app.js',
  'app-3f2a1b4c',
])('%s is not hashed', (name) => {
  expect(HASHED_NAME.test(name)).toBe(false)
})

it('refuses amounts below 0 and what is no number, naming the option', () => {
  expect(() => settle({ maxRanges: -1 })).toThrow('maxRanges')
  expect(() => settle({ memory: { total: Number.NaN } })).toThrow('memory.total')
  expect(() => settle({ memory: { recheckAfter: -1 } })).toThrow(RangeError)
})

it('does not let a pattern with a memory forget every other file', () => {
  const { immutable } = settle({ immutable: /\.js$/g })
  expect(immutable?.test('a.js')).toBe(true)
  expect(immutable?.test('a.js')).toBe(true)
})
