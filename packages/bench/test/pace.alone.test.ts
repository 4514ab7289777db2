/** Proof that the pacer measures what it should: servers whose latency is known beforehand, in processes of their own. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, expect, test } from 'vitest'
import { decodeHistogram, percentilesOf } from '../src/load/latency-histogram.ts'
import { pace, type PaceOptions, type PaceResult } from '../src/load/pace.ts'

const children: ChildProcess[] = []
afterEach(async () => {
  for (const child of children.splice(0)) {
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }
})

/** A server that waits so long and then answers `hello`, to the `failEvery`th request `wrong`. */
async function startServer(wait: number, failEvery = 0): Promise<{ port: number; child: ChildProcess }> {
  const program = `
    let count = 0
    const waits = []
    process.on('message', () => process.send(waits))
    const server = require('node:http').createServer((request, response) => {
      const began = performance.now()
      response.once('prefinish', () => waits.push((performance.now() - began) * 1000))
      const text = ${failEvery} > 0 && ++count % ${failEvery} === 0 ? 'wrong' : 'hello'
      ${wait === 0 ? 'response.end(text)' : `setTimeout(() => response.end(text), ${wait})`}
    }).listen(0, '127.0.0.1', () => process.send(server.address().port))`
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  children.push(child)
  const [port] = (await once(child, 'message')) as [number]
  return { port, child }
}

const requests: PaceOptions['requests'] = [
  {
    bytes: Buffer.from('GET / HTTP/1.1\r\nhost: x\r\n\r\n'),
    check: ({ body }) => (body.toString() === 'hello' ? null : `expected hello; came ${body.toString()}`),
  },
]

const percentiles = (result: PaceResult) => percentilesOf([decodeHistogram(result.latencies)])

/** What the handler of a server took from its first line to the end of its response, at the median, in microseconds. */
async function ownMedian(child: ChildProcess): Promise<number> {
  child.send('waits')
  const [waits] = (await once(child, 'message')) as [number[]]
  return waits.sort((a, b) => a - b)[waits.length >> 1] ?? 0
}

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

test('of a server suspended for a tenth of the run, the slowest hundredth waited nine tenths of that', async () => {
  // The tenth that should have left meanwhile waits for the rest of the pause: evenly from all of it to nothing. What a busy
  // machine adds, a server that is not suspended tells at the same time.
  const [suspended, goesOn] = await Promise.all([startServer(0), startServer(0)])
  const load = { rate: 1000, duration: 10_000, requests, connections: 64 }
  const running = Promise.all([pace({ ...load, port: suspended.port }), pace({ ...load, port: goesOn.port })])
  setTimeout(() => suspended.child.kill('SIGSTOP'), 4000)
  setTimeout(() => suspended.child.kill('SIGCONT'), 5000)
  const [result, control] = await running
  expect(result).toMatchObject({ offered: 10_000, answered: 10_000, errors: 0 })
  const { p50, p99, max } = percentiles(result)
  const machine = percentiles(control).max
  expect(p50).toBeLessThan(100_000 + machine)
  expect(p99).toBeGreaterThan(800_000)
  expect(p99).toBeLessThan(1_000_000 + 2 * machine)
  if (machine < 20_000) expect(p99).toBeLessThan(960_000)
  expect(max).toBeGreaterThan(950_000)
}, 40_000)

test('a server that cannot keep up is told by what it achieved', async () => {
  // One answer after the other, each 5 ms: 200 a second.
  const program = `
    let last = Promise.resolve()
    const server = require('node:http').createServer((request, response) => {
      last = last.then(() => new Promise((resolve) => setTimeout(resolve, 5))).then(() => response.end('hello'))
    }).listen(0, '127.0.0.1', () => process.send(server.address().port))`
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  children.push(child)
  const [port] = (await once(child, 'message')) as [number]
  const result = await pace({ port, rate: 400, duration: 1000, requests, connections: 16 })
  expect(result.answered).toBe(400)
  expect(result.achieved).toBeLessThan(0.7)
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
