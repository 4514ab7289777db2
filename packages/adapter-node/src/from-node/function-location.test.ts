import { expect, test } from 'vitest'
import { functionLocation } from './function-location.ts'

test('tells file and line of a function', () => {
  expect(functionLocation(() => {})).toMatch(/^file:\/\/.*function-location\.test\.ts:\d+:\d+$/)
})

test('tells nothing of a function without source', () => {
  expect(functionLocation(Math.max)).toBeNull()
})
