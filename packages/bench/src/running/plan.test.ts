import { expect, test } from 'vitest'
import { WORKLOADS } from '../workloads/workloads.ts'
import { plan } from './plan.ts'

test('without options it is two servers with two frameworks, plain text', () => {
  const { rows, mode, rounds, budget } = plan({})
  expect(rows.map(({ id }) => id)).toEqual([
    'event-loop × hono × plaintext',
    'own × hono × plaintext',
    'event-loop × express × plaintext',
    'own × express × plaintext',
    'event-loop × hono × plaintext again',
  ])
  expect({ mode, rounds }).toEqual({ mode: 'indicative', rounds: 5 })
  expect(budget).toBeLessThan(180_000)
})

test('all workloads are all, whether the run is full or not', () => {
  const names = WORKLOADS.map(({ name }) => name)
  expect(plan({ workloads: ['all'] }).workloads.map(({ name }) => name)).toEqual(names)
  expect(plan({ full: true }).workloads.map(({ name }) => name)).toEqual(names)
})

test('nginx is one row, of what a server without applications can do', () => {
  const { rows } = plan({ apps: ['all'], servers: ['nginx'], workloads: ['all'] })
  expect(rows.filter(({ twinOf }) => twinOf === null).map(({ workload }) => workload.name)).toEqual([
    'plaintext',
    'file-1k',
    'file-100k',
    'file-10m',
    'new-connection',
    'idle',
  ])
})

test('the floor is one row, of what can be answered without looking at it', () => {
  const { rows } = plan({ apps: ['all'], servers: ['floor'], workloads: ['all'] })
  expect(rows.filter(({ twinOf }) => twinOf === null).map(({ workload }) => workload.name)).toEqual([
    'plaintext',
    'pipelined',
    'new-connection',
    'idle',
  ])
})

test('which workloads are asked at fixed rates can be chosen', () => {
  const paced = (latency?: string[]): string[] =>
    [...plan({ workloads: ['json', 'plaintext'], latency }).paced].map(({ name }) => name)
  expect(paced()).toEqual(['json', 'plaintext'])
  expect(paced(['json'])).toEqual(['json'])
  expect(paced(['none'])).toEqual([])
})

test('a server of a file may be named by its path alone', () => {
  const cwd = new URL('../..', import.meta.url).pathname
  const { rows } = plan({ apps: ['raw'], servers: ['proofs/slowed-server.ts'], cwd })
  expect(rows[0]?.subject).toMatchObject({
    label: 'raw on proofs/slowed-server.ts',
    start: { kind: 'tsgi', server: `${cwd}proofs/slowed-server.ts` },
  })
})

test('fast globals are rows besides, of applications that are fetch handlers or may be', () => {
  const options = { apps: ['hono', 'express'], servers: ['event-loop', 'own'], fastGlobals: true }
  const labels = plan(options)
    .rows.filter(({ twinOf }) => twinOf === null)
    .map(({ subject: { label, tuned } }) => `${label}${tuned ? ', tuned' : ''}`)
  expect(labels).toEqual([
    'hono on event-loop',
    'hono on event-loop (--fast-globals), tuned',
    '@hono/node-server',
    'express on event-loop',
    "Express's own server",
  ])
})
