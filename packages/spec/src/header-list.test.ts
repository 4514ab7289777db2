import { expect, test } from 'vitest'
import { header, headers } from './header-list.ts'

const list = ['host', 'a.example', 'cookie', 'a=1', 'x-cookie', 'cookie', 'cookie', 'b=2'] as const

test('header gives the first value, of a list and of what has one', () => {
  expect(header(list, 'cookie')).toBe('a=1')
  expect(header({ headers: list }, 'cookie')).toBe('a=1')
})

test('header tells an absent field from an empty one', () => {
  expect(header(['x-empty', ''], 'x-empty')).toBe('')
  expect(header(list, 'accept')).toBeUndefined()
})

test('a value is never taken for a name', () => {
  expect(header(['x-a', 'host', 'host', 'b.example'], 'host')).toBe('b.example')
  expect(headers(list, 'a=1')).toEqual([])
})

test('headers gives every value, in order', () => {
  expect(headers(list, 'cookie')).toEqual(['a=1', 'b=2'])
  expect(headers({ headers: list }, 'accept')).toEqual([])
})
