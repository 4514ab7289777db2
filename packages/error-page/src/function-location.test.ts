import { expect, test } from 'vitest'
import { functionLocation } from './function-location.ts'

test('names the file of a function', () => {
  expect(functionLocation(() => 'arrow')).toMatch(/function-location\.test\.ts:\d+:\d+$/)
})

test('names the function where it has no place in a file', () => {
  expect(functionLocation(Math.max)).toBe('function max')
})

test('leaves nothing behind', () => {
  const before = Reflect.ownKeys(globalThis)
  functionLocation(() => 'another')
  expect(Reflect.ownKeys(globalThis)).toEqual(before)
})
