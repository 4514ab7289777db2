import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { place } from './processors.ts'

const hasTaskset = spawnSync('taskset', ['--version']).status === 0
const first = (count: number): number[] => Array.from({ length: count }, (_, at) => at)

test.runIf(hasTaskset).each([
  [[0, 1], '0', '1', 1],
  [[2, 5, 7], '2,5', '7', 1],
  [first(4), '0,1', '2,3', 2],
  [first(5), '0,1,2', '3,4', 2],
])('of the processors %j the server has %s and the load %s', (allowed, server, load, loadProcessors) => {
  expect(place(allowed)).toEqual({
    processors: allowed.length,
    server,
    load,
    loadProcessors,
    description: `server on ${server}, load on ${load}`,
  })
})

test.runIf(hasTaskset)('of many processors the load has a part that is enough', () => {
  expect(place(first(64))).toMatchObject({ loadProcessors: 16, load: first(64).slice(48).join(',') })
})

test('one processor is shared', () => {
  expect(place([3])).toEqual({
    processors: 1,
    server: null,
    load: null,
    loadProcessors: 1,
    description: 'not pinned: there is one processor',
  })
})
