/** Real signals to a real server, and what is left when it dies. */
import { execFileSync } from 'node:child_process'
import net from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { childrenOf, cpuTime, isRunning, until } from '@tsgi/faults'
import { freePort } from '@tsgi/free-port'
import { describe, expect, it } from 'vitest'
import { connect, order, script, startProgram, who } from './harness.ts'

describe('signals', () => {
  it('TERM drains and ends', async () => {
    const program = await startProgram()
    program.signal('SIGTERM')
    expect(await program.ended).toEqual({ code: 0, signal: null })
    expect(program.stdout).toContain('ended 0')
  })

  it('a second TERM ends at once', async () => {
    const program = await startProgram()
    const socket = await connect({ port: program.port })
    socket.on('error', () => {})
    socket.write('hang\n')
    await sleep(50)
    program.signal('SIGTERM')
    await program.said(/SIGTERM: stopping/)
    const started = performance.now()
    program.signal('SIGTERM')
    await program.ended
    expect(performance.now() - started).toBeLessThan(1_500)
  })

  it('QUIT ends at once', async () => {
    const program = await startProgram()
    const socket = await connect({ port: program.port })
    socket.on('error', () => {})
    socket.write('hang\n')
    program.signal('SIGQUIT')
    const started = performance.now()
    await program.ended
    expect(performance.now() - started).toBeLessThan(1_500)
  })

  it('HUP reloads, and a failed reload is told in the log', async () => {
    const how = script()
    const program = await startProgram({ script: how })
    how.set('v2')
    program.signal('SIGHUP')
    await program.said(/generation 2 serves/)
    expect((await who({ port: program.port })).version).toBe('v2')
    how.set('throw')
    program.signal('SIGHUP')
    await program.said(/reload failed, generation 2 keeps serving: this application is broken/)
    expect((await who({ port: program.port })).version).toBe('v2')
  })

  it('TTIN and TTOU make it one worker more and one fewer, down to one', async () => {
    const program = await startProgram()
    program.signal('SIGTTIN')
    await until('three workers', () => childrenOf(program.pid).length === 3)
    for (const left of [2, 1]) {
      program.signal('SIGTTOU')
      await until(`${left} workers`, () => childrenOf(program.pid).length === left)
    }
    program.signal('SIGTTOU')
    await program.said(/cannot scale to 0/)
  })

  it('without a meaning get a word in the log', async () => {
    const program = await startProgram()
    program.signal('SIGUSR2')
    await program.said(/SIGUSR2: nothing to do for it/)
    expect((await who({ port: program.port })).pid).toBeGreaterThan(0)
  })

  it('to all processes alike are the supervisor’s affair', async () => {
    const program = await startProgram()
    for (const pid of childrenOf(program.pid))
      for (const signal of ['SIGHUP', 'SIGQUIT', 'SIGTTIN', 'SIGTTOU', 'SIGUSR2']) process.kill(pid, signal)
    const before = childrenOf(program.pid)
    await Promise.all(Array.from({ length: 10 }, () => who({ port: program.port })))
    expect(childrenOf(program.pid)).toEqual(before)
  })

  it('TERM to a worker ends that worker in order, and another takes its place', async () => {
    const program = await startProgram()
    const { pid } = await who({ port: program.port })
    process.kill(pid, 'SIGTERM')
    await until('the worker to end', () => !isRunning(pid))
    await until('another worker', () => childrenOf(program.pid).length === 2)
  })
})

describe('a supervisor that is suspended', () => {
  it('still finds the worker that hung meanwhile', async () => {
    const program = await startProgram({ plan: { workerTimeout: 400 } })
    const { pid } = await who({ port: program.port })
    program.signal('SIGSTOP')
    process.kill(pid, 'SIGSTOP')
    await sleep(800)
    program.signal('SIGCONT')
    await until('the hung one to be killed', () => !isRunning(pid), 15_000)
  })
})

describe('a supervisor that is killed', () => {
  it('leaves no worker, not even one in an endless loop, and a free port', async () => {
    const port = await freePort()
    const program = await startProgram({ listen: [{ host: '127.0.0.1', port }] })
    order({ port }, 'loop').catch(() => {})
    const workers = childrenOf(program.pid)
    await until('a worker to loop', () => workers.some((pid) => cpuTime(pid) > 600), 20_000)
    program.signal('SIGKILL')
    // The supervisor too: its last thread closes its sockets, and workers end with the first.
    await until('all processes to end', () => [program.pid, ...workers].every((pid) => !isRunning(pid)), 5_000)
    const server = net.createServer()
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve))
    server.close()
  })
})

describe('a worker', () => {
  it('is not to be started by hand', () => {
    const run = (): unknown =>
      execFileSync(
        process.execPath,
        ['--conditions=source', new URL('fixtures/worker.ts', import.meta.url).pathname, String(process.pid)],
        { stdio: 'pipe', encoding: 'utf8' },
      )
    expect(run).toThrow('it is started by its supervisor, not by hand')
  })
})
