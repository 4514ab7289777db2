/** The access log of servers of several processes, turned by logrotate and on a full disk. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it, vi } from 'vitest'
import { Folder } from './command.ts'

const APP = `export default (environ, startResponse) => { startResponse(200, []); return 'hello' }`
const ARGS = ['serve', 'app.ts', '-p', '0', '--access-log-file', 'access', '--access-log-format', '$uri']
const hasLogrotate = spawnSync('logrotate', ['--version']).error === undefined

describe('the access log in a file', () => {
  it.skipIf(!hasLogrotate)(
    'loses no line to logrotate, with requests all the time (skipped: no logrotate)',
    async () => {
      using folder = new Folder({ 'app.ts': APP })
      await using tsgi = folder.tsgi([...ARGS, '--server', 'cluster', '-w', '2', '--pid-file', 'pid'])
      await tsgi.url()
      folder.write({
        rotate: `"${folder.file('access')}" {
  rotate 10
  nocompress
  postrotate
    kill -USR1 $(cat ${folder.file('pid')})
  endscript
}
`,
      })
      const load = { sent: 0, turns: true }
      const loaded = (async () => {
        while (load.turns) await (await tsgi.get(`/${++load.sent}`)).text()
      })()
      for (let turn = 1; turn <= 3; turn++) {
        const enough = load.sent + 50
        await vi.waitUntil(() => load.sent >= enough, { timeout: 30_000 })
        const args = ['-f', '-s', folder.file('state'), folder.file('rotate')]
        expect(spawnSync('logrotate', args, { encoding: 'utf8' }).stderr).toBe('')
        await tsgi.said(/was opened again/, turn)
      }
      load.turns = false
      await loaded
      expect(await tsgi.stop()).toBe(0)
      const files = ['access', 'access.1', 'access.2', 'access.3'].map((name) =>
        readFileSync(folder.file(name), 'utf8'),
      )
      const lines = files.flatMap((text) => text.trimEnd().split('\n')).filter((line) => line !== '')
      expect(lines.length).toBe(load.sent)
      expect(new Set(lines).size).toBe(load.sent)
      // Nothing was asked after the last turn, as a rule.
      expect(files.filter((text) => text !== '').length).toBeGreaterThanOrEqual(3)
      expect(tsgi.stderr).not.toContain('Debugger')
    },
  )

  it.skipIf(!existsSync('/dev/full'))('does not hold up a request on a full disk', async () => {
    using folder = new Folder({ 'app.ts': APP })
    await using tsgi = folder.tsgi([
      'serve',
      'app.ts',
      '-p',
      '0',
      '--access-log-file',
      '/dev/full',
      '--server',
      'cluster',
      '-w',
      '1',
    ])
    for (let i = 0; i < 200; i++) expect(await (await tsgi.get('/')).text()).toBe('hello')
    await tsgi.said(/the access log cannot be written \(ENOSPC\); its lines are dropped/)
    expect(await tsgi.stop()).toBe(0)
    expect(tsgi.stderr).toMatch(/200 lines of the access log were dropped/)
  })

  it('opens no inspector when all its processes get USR1', async () => {
    using folder = new Folder({ 'app.ts': APP })
    await using tsgi = folder.tsgi([...ARGS, '--server', 'cluster', '-w', '1', '--pid-file', 'pid'])
    await tsgi.url()
    const [worker] = JSON.parse((await folder.run(['status', '--pid-file', 'pid', '--json'])).stdout).workers
    process.kill(worker.pid, 'SIGUSR1')
    tsgi.signal('SIGUSR1')
    await tsgi.said(/was opened again/)
    expect(await (await tsgi.get('/')).text()).toBe('hello')
    expect(tsgi.stderr).not.toContain('Debugger')
    expect(await tsgi.stop()).toBe(0)
  })
})
