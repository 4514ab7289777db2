import { expect, test } from 'vitest'
import { isInputError } from './input.ts'

const withStatus = (status: unknown): Error => Object.assign(new Error('the body was cut short'), { status })

test('the three statuses of a broken body are believed', () => {
  for (const status of [400, 408, 413]) expect(isInputError(withStatus(status))).toBe(true)
})

test('any other status is not: a framework may put one on errors of its own', () => {
  for (const status of [200, 404, 500, '413', undefined]) expect(isInputError(withStatus(status))).toBe(false)
})

test('only an error counts', () => {
  for (const thrown of [{ status: 413 }, 413, null, new Error('plain')]) expect(isInputError(thrown)).toBe(false)
})
