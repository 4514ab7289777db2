import { expect, test } from 'vitest'
import { EXERCISES } from '@tsgi/conformance'
import { FRAMEWORKS, SERVERS } from '../src/participants.ts'

test('every exercise that a participant is excused from exists, with a reason', () => {
  const ids = new Set(EXERCISES.map(({ id }) => id))
  for (const [id, reason] of [...SERVERS, ...FRAMEWORKS].flatMap(({ cannot = {} }) => Object.entries(cannot))) {
    expect(ids).toContain(id)
    expect(reason).not.toBe('')
  }
})

test('there are at least thirty exercises', () => {
  expect(EXERCISES.length).toBeGreaterThanOrEqual(30)
})
