import { expect, test } from 'vitest'
import { fakeResult, fakeRound, fakeRow } from '../../test/fakes/fake-result.ts'
import { answerOf } from '../report/answer.ts'
import { terminalReport } from '../report/terminal.ts'
import { summarise } from './summary.ts'

const costs = [20, 21, 19, 20, 20.5, 19.5]
const baseline = fakeRow({ id: 'base', label: 'the others', baseline: true, costs: costs.map((cost) => 2 * cost) })
const row = fakeRow({ id: 'a', costs })
const twin = fakeRow({ id: 'a again', twinOf: 'a', costs: costs.toReversed() })

test('a row is compared with the same application without TSGI, round by round', () => {
  const [workload] = summarise(fakeResult([row, baseline, twin]))
  expect(workload?.rows.map(({ row: { id } }) => id)).toEqual(['a', 'base'])
  expect(workload?.rows[0]?.comparison).toMatchObject({
    against: 'the others',
    ratio: { median: 0.5, low: 0.5, high: 0.5 },
    verdict: 'less',
  })
  expect(workload?.rows[1]?.comparison).toBeNull()
})

test('a difference within that of two equal rows is a tie', () => {
  const noisy = fakeRow({
    id: 'a again',
    twinOf: 'a',
    costs: costs.map((cost, at) => cost * (at % 2 === 0 ? 1.6 : 0.7)),
  })
  const [workload] = summarise(fakeResult([row, baseline, noisy]))
  expect(workload?.noise).toBeCloseTo(0.6)
  expect(workload?.rows[0]?.comparison?.verdict).toBe('tie')
})

test('after an interruption there may be too few rounds to tell', () => {
  const few = (whole: typeof row) => ({
    ...whole,
    rounds: whole.rounds.slice(0, 2),
    latencies: whole.latencies.filter(({ round }) => round <= 2),
  })
  const result = fakeResult([few(row), few(baseline)])
  expect(summarise(result)[0]?.rows[0]?.comparison?.verdict).toBe('open')
  expect(terminalReport(result)).toMatch(/^a, plain text: .*: too few rounds to tell$/m)
})

test('rounds that are void are in no median, and are told', () => {
  const voided = { ...fakeRound(7, 900), voided: ['1 wrong answers: x'] }
  const [workload] = summarise(fakeResult([{ ...row, rounds: [...row.rounds, voided] }, baseline, twin]))
  expect(workload?.rows[0]?.cpu).toMatchObject({ median: 20, values: 6 })
  expect(workload?.rows[0]?.voided).toEqual(['round 7: 1 wrong answers: x'])
})

test('ceilings that a busy load voided are stood in for by what was asked at a fixed rate', () => {
  const busy = { ...row, rounds: row.rounds.map((round) => ({ ...round, voided: ['the generator used 85 %'] })) }
  const [workload] = summarise(fakeResult([busy, baseline, twin]))
  expect(workload?.rows[0]?.cpu).toBeNull()
  expect(workload?.rows[0]?.comparison).toMatchObject({ at: 0.8, ratio: { median: 0.5, values: 6 } })
  expect(terminalReport(fakeResult([busy, baseline, twin]))).toMatch(
    /^a, plain text: 0\.50 × .* at 80 % of the slowest ceiling/,
  )
})

test('a percentile has 100 samples beyond it, or is not given', () => {
  const one = { ...row, latencies: row.latencies.filter(({ round }) => round === 1) }
  const [workload] = summarise(fakeResult([one, baseline, twin]))
  const [latency] = workload?.rows[0]?.latencies ?? []
  expect(latency).toMatchObject({ count: 3000, p99: null, p999: null })
  expect(latency?.p90).not.toBeNull()
})

test('nothing that counts is said to be so', () => {
  const failed = fakeRow({ id: 'f', costs: [], failure: 'died' })
  expect(answerOf(summarise(fakeResult([failed]))).first).toBe('No pairing has figures that count.')
  expect(terminalReport(fakeResult([failed]))).toContain('f: died')
})

test('the terminal begins with the answer', () => {
  const [first] = terminalReport(fakeResult([row, baseline, twin])).split('\n')
  expect(first).toBe('a, plain text: 0.50 × the CPU of the others, ± 0.00')
})

test('an application that has no server of its own is compared with node:http, or with nothing', () => {
  const mini = { ...row, app: 'mini' }
  const [without] = summarise(fakeResult([mini, baseline]))
  expect(without?.rows[0]?.comparison).toBeNull()
  const nodeHttp = fakeRow({ id: 'n', label: 'node:http', app: 'raw', baseline: true, costs })
  const [beside] = summarise(fakeResult([mini, baseline, nodeHttp]))
  expect(beside?.rows[0]?.comparison?.against).toBe('node:http')
})

test('the terminal tells one reason of each row, and how many more there are', () => {
  const rounds = row.rounds.map((round) => ({ ...round, voided: ['busy'] }))
  expect(terminalReport(fakeResult([{ ...row, rounds }, baseline]))).toContain('void: a, round 1: busy (and 5 more)')
})
