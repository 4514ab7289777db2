import { expect, it } from 'vitest'
import { UsageError } from '../usage-error.ts'
import { requestParts } from './request-parts.ts'

it.each([
  ['a method of two words', '/', { request: 'BAD METHOD' }, /^--request BAD METHOD: expected a method/],
  ['an empty method', '/', { request: '' }, /^--request : expected a method/],
  ['a path with a space', '/a b', {}, /^The path \/a b: expected one without spaces, written as a URL: \/a%20b$/],
  ['a path of other letters', '/ж', {}, /written as a URL: \/%D0%B6$/],
  ['a path with a line end', 'http://a/\nx: y', {}, /expected one without spaces/],
  ['a field value of other letters', '/', { header: ['x: ж'] }, /^--header x: ж: expected a field/],
  ['a field with a control character', '/', { header: ['x: a\x01'] }, /expected a field/],
])('%s is a mistake of the command line, and no error of the command', (_name, target, flags, expected) => {
  expect(() => requestParts(target, flags, '/')).toThrow(UsageError)
  expect(() => requestParts(target, flags, '/')).toThrow(expected)
})

it('takes a method that is not a known one, and bytes in a field', () => {
  expect(requestParts('/', { request: 'PURGE', header: ['x: ä'] }, '/')).toMatchObject({ method: 'PURGE' })
})
