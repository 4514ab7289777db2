/** The servers that have processes of their own, by the command. */
import { existsSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Folder } from './command.ts'
import { word, FILES, ask, CLUSTER, PROCESS, isGone } from './process-servers-setup.ts'

describe.each([
  ['cluster', CLUSTER, { multiprocess: true, runOnce: false }],
  ['process', PROCESS, { multiprocess: true, runOnce: true }],
] as const)('--server %s', (_name, args, flags) => {
  it('serves from processes that load the application by themselves, and takes them along when it ends', async () => {
    using folder = new Folder({ ...FILES, 'public/a.txt': 'a file' })
    await using tsgi = folder.tsgi([...args, '--static', 'public', '--access-log', '--pid-file', 'pid'])
    const answer = await ask(tsgi)
    expect(answer).toMatchObject({ word: 'one', ...flags })
    expect(answer.pid).not.toBe(tsgi.child.pid)
    expect(await (await tsgi.get('/a.txt')).text()).toBe('a file')
    await tsgi.said(/"GET \/a\.txt HTTP\/1\.1" 200/)
    expect(await tsgi.stop()).toBe(0)
    expect(isGone(answer.pid)).toBe(true)
    expect(readdirSync(folder.path).filter((name) => name.startsWith('pid'))).toEqual([])
  })

  it('reloads on HUP, and keeps what it has where the new does not load', async () => {
    using folder = new Folder(FILES)
    await using tsgi = folder.tsgi(args)
    await tsgi.url()
    folder.write(word('two'))
    tsgi.signal('SIGHUP')
    await tsgi.said(/reloaded: generation 2 serves/)
    expect((await ask(tsgi)).word).toBe('two')
    folder.write({ 'word.ts': 'syntax error' })
    tsgi.signal('SIGHUP')
    await tsgi.said(/reload failed, generation 2 keeps serving/)
    expect((await ask(tsgi)).word).toBe('two')
    expect(await tsgi.stop()).toBe(0)
  })
})

describe('settings of processes', () => {
  it.each([
    [['--server', 'cluster', '--workers', '0'], '--workers 0: expected a whole number from 1 on, or auto'],
    [['--server', 'cluster', '--workers', '1.5'], '--workers 1.5: expected a whole number from 1 on, or auto'],
  ])('%j make no sense: exit code 2', async (flags, expected) => {
    using folder = new Folder(FILES)
    const { exitCode, stderr } = await folder.run(['serve', 'app.ts', '-p', '0', '--pid-file', 'pid', ...flags])
    expect(stderr).toContain(expected)
    expect(exitCode).toBe(2)
    expect(existsSync(folder.file('pid'))).toBe(false)
  })
})
