import { CLAUSES } from '@tsgi/spec/clauses'
import { expect, test } from 'vitest'
import { EXERCISES } from './exercises.ts'
import { LIKELY_CAUSES } from './likely-causes.ts'
import { SERVER_BEHAVIOURS } from './server-behaviours.ts'

test.each([
  ['servers', SERVER_BEHAVIOURS, 150],
  ['frameworks', EXERCISES, 30],
])('behaviours of %s have ids of their own, clauses that exist, and are enough', (_of, behaviours, enough) => {
  expect(new Set(behaviours.map(({ id }) => id)).size).toBe(behaviours.length)
  for (const { id, clause } of behaviours) {
    expect(clause.startsWith('RFC ') || clause in CLAUSES, `${id} proves ${clause}`).toBe(true)
  }
  expect(behaviours.length).toBeGreaterThanOrEqual(enough)
})

test('what a behaviour stands on exists', () => {
  const ids = new Set(SERVER_BEHAVIOURS.map(({ id }) => id))
  for (const { after = [] } of SERVER_BEHAVIOURS) for (const id of after) expect(ids).toContain(id)
})

test('a likely cause is that of a behaviour that there is', () => {
  const ids = new Set(SERVER_BEHAVIOURS.map(({ id }) => id))
  for (const id of Object.keys(LIKELY_CAUSES)) expect(ids).toContain(id)
})

test('nothing stands on itself', () => {
  const after = new Map(SERVER_BEHAVIOURS.map((behaviour) => [behaviour.id, behaviour.after ?? []]))
  const below = (id: string, path: readonly string[]): void => {
    expect(path).not.toContain(id)
    for (const next of after.get(id) ?? []) below(next, [...path, id])
  }
  for (const { id } of SERVER_BEHAVIOURS) below(id, [])
})
