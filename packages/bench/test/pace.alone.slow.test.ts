/** Proof that the pacer measures what it should: servers whose latency is known beforehand, in processes of their own. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, describe, expect, test } from 'vitest'
import { pace } from '../src/load/pace.ts'
import { children, startServer, requests, percentiles } from './pace-setup.ts'

afterEach(async () => {
  for (const child of children.splice(0)) {
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }
})

describe('the pace of a load', () => {
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
})
