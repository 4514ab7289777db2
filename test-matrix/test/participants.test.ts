import { fileURLToPath } from 'node:url'
import { EXERCISES } from '@tsgi/conformance'
import { findParticipants } from '@tsgi/matrix'
import { expect, test } from 'vitest'
import { languageOf } from './cells.ts'

const { servers, frameworks } = await findParticipants(fileURLToPath(new URL('..', import.meta.url)))

test('every exercise that a participant is excused from exists, with a reason', () => {
  const ids = new Set(EXERCISES.map(({ id }) => id))
  for (const [id, reason] of [...servers, ...frameworks].flatMap(({ cannot = {} }) => Object.entries(cannot))) {
    expect(ids).toContain(id)
    expect(reason).not.toBe('')
  }
})

test('four servers and nine frameworks, those in other languages aside, do at least thirty exercises', () => {
  const node = frameworks.filter(({ name }) => languageOf(name) === 'node')
  // Servers of others show a few of them.
  const whole = servers.filter((server) => server.frameworks === undefined)
  expect([whole.length, node.length]).toEqual([4, 9])
  expect(EXERCISES.length).toBeGreaterThanOrEqual(30)
})
