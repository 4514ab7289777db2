/* oxlint-disable unicorn/no-thenable -- thenables are the subject */
import { expect, test } from 'vitest'
import { isPromise } from './awaitable.ts'

test('a promise of any make is one', () => {
  const thenable = { then() {} }
  // A Promise of another realm and a query builder that can be awaited are functions or objects with `then`.
  const callable = Object.assign(() => {}, { then() {} })
  for (const promise of [Promise.resolve(), thenable, callable] as unknown[]) expect(isPromise(promise)).toBe(true)
})

test('what a body can be is none', () => {
  for (const value of [null, '', 'then', new Uint8Array(1), [], { then: true }, () => {}, (function* () {})()]) {
    expect(isPromise(value)).toBe(false)
  }
})
