/** More of what `signals.test.ts` asks: these wait for seconds. */
import { setTimeout as sleep } from 'node:timers/promises'
import { childrenOf, cpuTime } from '@tsgi/faults'
import { describe, expect, it } from 'vitest'
import { script, SLOTS, startProgram, who } from './harness.ts'

describe('a supervisor that is suspended', () => {
  it('past the worker timeout blames nobody when it goes on', async () => {
    const program = await startProgram({ plan: { workerTimeout: 400 } })
    const workers = childrenOf(program.pid)
    program.signal('SIGSTOP')
    await sleep(1_500)
    program.signal('SIGCONT')
    await sleep(1_000)
    expect(childrenOf(program.pid)).toEqual(workers)
    expect(program.stderr).toBe('')
  })
})

describe('a supervisor of workers that die soon after every start', () => {
  it('is idle, and says why it waits', async () => {
    const how = script()
    const program = await startProgram({ script: how, plan: { shape: { ...SLOTS, workers: 1 } } })
    const { pid } = await who({ port: program.port })
    how.set('die soon')
    process.kill(pid, 'SIGKILL')
    await program.said(/exited with code 9; 4 ends in a row, another is started in 0\.\d+ s/)
    const before = cpuTime(program.pid)
    const starts = (program.stderr.match(/exited with code 9/g) ?? []).length
    await sleep(1_000)
    expect(cpuTime(program.pid) - before).toBeLessThan(200)
    expect((program.stderr.match(/exited with code 9/g) ?? []).length - starts).toBeLessThan(4)
  })
})
