import { expect, test } from 'vitest'
import { timerDelay } from './timer-delay.ts'

test.each([
  [0, 0],
  [25_000, 25_000],
  [2 ** 31, 2 ** 31 - 1],
  [Infinity, 2 ** 31 - 1],
])('a time of %d ms is a delay of %d ms', (time, delay) => {
  expect(timerDelay(time)).toBe(delay)
})
