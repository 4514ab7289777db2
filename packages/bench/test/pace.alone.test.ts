/** Proof that the pacer measures what it should: servers whose latency is known beforehand, in processes of their own. */
import { once } from 'node:events'
import { afterEach, describe, expect, test } from 'vitest'
import { decodeHistogram } from '../src/load/latency-histogram.ts'
import { pace } from '../src/load/pace.ts'
import { children, startServer, requests, percentiles, ownMedian } from './pace-setup.ts'

afterEach(async () => {
  for (const child of children.splice(0)) {
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }
})

describe('the pace of a load', () => {
  test('a handler that waits 40 ms reads 40 ± 2 ms at the median', async () => {
    // A busy machine wakes the handler late, which its own clock tells, and it wakes both ends of the connection late, which a
    // handler that does not wait shows at the same time. Nothing makes the reading less.
    const [waits, answersAtOnce] = await Promise.all([startServer(40), startServer(0)])
    const load = { rate: 150, duration: 2000, requests, connections: 16 }
    const [result, control] = await Promise.all([
      pace({ ...load, port: waits.port }),
      pace({ ...load, port: answersAtOnce.port }),
    ])
    expect(result).toMatchObject({ offered: 300, answered: 300, errors: 0, wrong: 0 })
    const reading = percentiles(result).p50 ?? 0
    const late = decodeHistogram(control.latencies).getValueAtPercentile(90)
    expect(reading).toBeGreaterThan(38_000)
    const waited = Math.max(40_000, await ownMedian(waits.child))
    expect(reading).toBeLessThan(waited + 2_000 + 2 * late)
  })

  test('wrong answers are counted and the first is told', async () => {
    const { port } = await startServer(0, 10)
    const result = await pace({ port, rate: 200, duration: 500, requests, connections: 4 })
    expect(result).toMatchObject({ answered: 100, wrong: 10, trouble: 'expected hello; came wrong' })
  })

  test('a server that ends is errors, not silence', async () => {
    const { port, child } = await startServer(0)
    setTimeout(() => child.kill('SIGKILL'), 300)
    const result = await pace({ port, rate: 200, duration: 800, requests, connections: 4 })
    expect(result.errors).toBeGreaterThan(50)
    expect(result.trouble).not.toBeNull()
  })
})
