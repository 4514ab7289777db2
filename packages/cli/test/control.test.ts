/** `tsgi reload`, `status`, `stop` and `scale`. */
import { existsSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Folder } from './command.ts'
import { FILES, CLUSTER, type Status } from './control-setup.ts'

describe('a server with a pid file', () => {
  it('is asked how it does, as a table and as JSON', async () => {
    using folder = new Folder(FILES)
    await using tsgi = folder.tsgi(CLUSTER)
    expect(await (await tsgi.get('/')).text()).toBe('one')
    const { stdout } = await folder.run(['status', '--pid-file', 'pid', '--json'])
    const status = JSON.parse(stdout) as Status
    expect(status).toMatchObject({ pid: tsgi.child.pid, generation: 1, size: 1, requests: 1, restarts: 0 })
    const [worker] = status.workers
    expect(worker?.memory).toBeGreaterThan(1_000_000)

    process.kill(worker?.pid as number, 'SIGKILL')
    await tsgi.said(/was ended by SIGKILL/)
    const table = await folder.run(['status', '--pid-file', 'pid'])
    expect(table.exitCode).toBe(0)
    expect(table.stdout).toMatch(
      new RegExp(`^running, generation 1, pid ${tsgi.child.pid}, for \\d+ s, on http://127.0.0.1:\\d+/\n`),
    )
    expect(table.stdout).toMatch(/^worker +pid +generation +age +requests +connections +memory +state$/m)
    expect(table.stdout).toMatch(/^ +2 +\d+ +1 +\d+ s +0 +0 +/m)
    expect(table.stdout).toMatch(
      new RegExp(`^restarts: 1\n  \\d+ s ago: worker 1 \\(pid ${worker?.pid}\\) was ended by SIGKILL$`, 'm'),
    )
  })

  it('reloads, and says with exit code 1 where that failed', async () => {
    using folder = new Folder(FILES)
    await using tsgi = folder.tsgi(CLUSTER)
    await tsgi.url()
    folder.write({ 'word.ts': `export const word = 'two'` })
    const reloaded = await folder.run(['reload', '--pid-file', 'pid'])
    expect(reloaded).toEqual({ exitCode: 0, stdout: 'reloaded: generation 2 serves\n', stderr: '' })
    expect(await (await tsgi.get('/')).text()).toBe('two')

    folder.write({ 'word.ts': `throw new Error('no database'); export const word = ''` })
    const failed = await folder.run(['reload', '--pid-file', 'pid'])
    expect(failed.exitCode).toBe(1)
    expect(failed.stderr).toMatch(/^tsgi: The reload failed: app\.ts threw while it was loading:\n[^]*no database/)
    expect(await (await tsgi.get('/')).text()).toBe('two')
  })

  it('stops, and is gone when the command ends', async () => {
    using folder = new Folder(FILES)
    await using tsgi = folder.tsgi(CLUSTER)
    await tsgi.url()
    expect(await folder.run(['stop', '--pid-file', 'pid'])).toEqual({ exitCode: 0, stdout: 'stopped\n', stderr: '' })
    expect(readdirSync(folder.path).filter((name) => name.startsWith('pid'))).toEqual([])
    expect(await tsgi.exit).toBe(0)
    expect(tsgi.stderr).toContain('tsgi stop: stopping')
  })
})

describe('an event-loop server', () => {
  const args = ['serve', 'app.ts', '-p', '0', '--pid-file', 'pid']

  it('tells its status, and stops', async () => {
    using folder = new Folder(FILES)
    await using tsgi = folder.tsgi(args)
    await (await tsgi.get('/')).text()
    const { stdout } = await folder.run(['status', '--pid-file', 'pid', '--json'])
    expect(JSON.parse(stdout)).toMatchObject({
      phase: 'running',
      pid: tsgi.child.pid,
      requests: 1,
      workers: [{ pid: tsgi.child.pid }],
    })
    expect((await folder.run(['status', '--pid-file', 'pid'])).stdout).toMatch(/^running, generation 1/)
    expect(await folder.run(['stop', '--pid-file', 'pid'])).toEqual({ exitCode: 0, stdout: 'stopped\n', stderr: '' })
    expect(existsSync(folder.file('pid'))).toBe(false)
    expect(existsSync(folder.file('pid.control'))).toBe(false)
  })

  it.each([
    [
      'reload',
      'the event-loop server is one process, without workers to replace or to add. Stop and start it, or use --server cluster.',
    ],
    [
      'scale 2',
      'the event-loop server is one process, without workers to replace or to add. --server cluster has workers.',
    ],
  ])('says why it cannot %s', async (command, why) => {
    using folder = new Folder(FILES)
    await using tsgi = folder.tsgi(args)
    await (await tsgi.get('/')).text()
    const { exitCode, stderr } = await folder.run([...command.split(' '), '--pid-file', 'pid'])
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: `tsgi: tsgi ${command.split(' ')[0]}: ${why}\n` })
  })
})
