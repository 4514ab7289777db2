/** Results for tests of what is made from them. */
import { encodeHistogram, latencyHistogram, record } from '../../src/load/latency-histogram.ts'
import { FORMAT, type BenchResult, type Latency, type Round, type Row } from '../../src/result.ts'

export interface FakeRow extends Partial<Row> {
  readonly id: string
  /** Microseconds for a request, by round. */
  readonly costs: readonly number[]
}

export function fakeRow({ costs, ...given }: FakeRow): Row {
  return {
    label: given.id,
    server: 'event-loop',
    app: 'hono',
    workload: 'plaintext',
    baseline: false,
    tuned: false,
    twinOf: null,
    rounds: costs.map((cpu, at) => fakeRound(at + 1, cpu)),
    latencies: costs.flatMap((cost, at) => [0.1, 0.5, 0.8].map((share) => fakeLatency(at + 1, share, cost))),
    failure: null,
    ...given,
  }
}

export function fakeRound(round: number, cpu: number): Round {
  return {
    round,
    cpu,
    requestsPerSecond: 1e6 / cpu,
    requests: 1e6 / cpu,
    errors: 0,
    generatorBusy: 0.4,
    peakMemory: 90e6,
    boot: 100,
    cold: { requests: 1000, milliseconds: 80, cpu: 3 * cpu },
    warm: true,
    idleCpu: 0.001,
    idleConnection: null,
    voided: [],
  }
}

function fakeLatency(round: number, share: number, cost: number): Latency {
  const histogram = latencyHistogram()
  for (let at = 1; at <= 3000; at++) record(histogram, (cost / 100) * (1 + share * (at / 1000) ** 2))
  return {
    round,
    share,
    rate: share * 10_000,
    offered: 3000,
    achieved: 1,
    cpu: cost,
    errors: 0,
    lateness: 100,
    generatorBusy: 0.2,
    histogram: encodeHistogram(histogram),
    voided: [],
  }
}

export function fakeResult(rows: readonly Row[]): BenchResult {
  return {
    format: FORMAT,
    date: '2026-11-23T12:00:00.000Z',
    command: 'tsgi bench',
    mode: 'full',
    interrupted: false,
    settings: {
      rounds: Math.max(...rows.map(({ rounds }) => rounds.length)),
      duration: 3,
      connections: 64,
      workloads: [...new Set(rows.map(({ workload }) => workload))].map((name) => ({
        name,
        title: name === 'plaintext' ? 'Plain text' : name,
      })),
      seed: 1,
    },
    environment: {
      processor: 'A processor',
      processors: 2,
      quota: null,
      steal: 0.001,
      memory: 8e9,
      kernel: 'Linux 6.1',
      pinning: 'server on 0, load on 1',
      accounting: 'process times',
      load: 'wrk 4.2',
      versions: { node: '26.10.0', hono: '4.13.19' },
      commit: 'abc1234',
      nodeFlags: [],
      loadAverage: 0.5,
    },
    rows,
    notes: [],
  }
}
