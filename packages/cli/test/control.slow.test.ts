/** `tsgi reload`, `status`, `stop` and `scale`. */
import { chmodSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Folder } from './command.ts'
import { FILES, CLUSTER, portOf } from './control-setup.ts'

describe('a server with a pid file', () => {
  it('scales, within reason', async () => {
    using folder = new Folder(FILES)
    await using tsgi = folder.tsgi(CLUSTER)
    await tsgi.url()
    expect(await folder.run(['scale', '3', '--pid-file', 'pid'])).toMatchObject({
      exitCode: 0,
      stdout: 'scaled to 3\n',
    })
    const { stdout } = await folder.run(['status', '--pid-file', 'pid', '--json'])
    expect(JSON.parse(stdout)).toMatchObject({ size: 3 })
    for (const to of ['0', '-1', 'many', '1.5']) {
      const { exitCode, stderr } = await folder.run(['scale', '--pid-file', 'pid', '--', to])
      expect(stderr).toMatch(/^tsgi: .*expected a whole number from 1/)
      expect(exitCode).toBe(2)
    }
  })

  it('stops at once with --now, and says what it cut off', async () => {
    using folder = new Folder({
      'app.ts': `export default async (environ, startResponse) => {
        startResponse(200, []); environ.server.flush(); console.log('asked'); await new Promise(() => {}) }`,
    })
    await using tsgi = folder.tsgi(CLUSTER)
    const broken = tsgi
      .get('/')
      .then((response) => response.text())
      .catch(() => 'broken')
    await tsgi.said(/asked/)
    const { exitCode, stdout } = await folder.run(['stop', '--now', '--pid-file', 'pid'])
    expect(stdout).toBe('stopped; 1 response was cut off\n')
    expect(exitCode).toBe(5)
    expect(await broken).toBe('broken')
    expect(await tsgi.exit).toBe(5)
  })

  it('lets nobody else near its control socket', async () => {
    using folder = new Folder(FILES)
    await using tsgi = folder.tsgi(CLUSTER)
    await tsgi.url()
    expect(statSync(folder.file('pid.control')).mode & 0o777).toBe(0o600)
  })
})

describe('a server without a pid file', () => {
  const args = CLUSTER.slice(0, -2)

  it('is found by its port, in a folder that is the user’s alone', async () => {
    using folder = new Folder(FILES)
    await using tsgi = folder.tsgi(args)
    const port = await portOf(tsgi)
    const place = folder.file(`tsgi-${userInfo().uid}`)
    expect(statSync(place).mode & 0o777).toBe(0o700)
    expect(statSync(join(place, port)).mode & 0o777).toBe(0o600)
    expect((await folder.run(['reload', '-p', port])).exitCode).toBe(0)
    expect((await folder.run(['status'], { TSGI_PORT: port })).exitCode).toBe(0)
    expect((await folder.run(['stop', '-p', port])).exitCode).toBe(0)
    expect(readdirSync(place)).toEqual([])
  })

  it('is found by its unix socket', async () => {
    using folder = new Folder({
      ...FILES,
      'tsgi.config.ts': `export default { bind: 'unix:socket', server: 'cluster', workers: 1 }`,
    })
    await using tsgi = folder.tsgi(['serve', 'app.ts'])
    await tsgi.said(/listening on/)
    expect((await folder.run(['status'])).stdout).toMatch(/^running, generation 1/)
    expect((await folder.run(['stop'])).exitCode).toBe(0)
    expect(existsSync(folder.file('socket'))).toBe(false)
  })

  it('is named to who looked for it on another port', async () => {
    using folder = new Folder(FILES)
    await using tsgi = folder.tsgi(args)
    const port = await portOf(tsgi)
    const { exitCode, stderr } = await folder.run(['reload', '-p', '1'])
    expect(stderr).toBe(`tsgi: No server runs with port 1.\n  There is one with -p ${port}\n`)
    expect(exitCode).toBe(1)
  })

  it('serves without being asked anything where the name of the socket would be too long', async () => {
    using folder = new Folder({ ...FILES })
    const file = 'pid'.padEnd(200, '-')
    await using tsgi = folder.tsgi([...args, '--pid-file', file])
    expect(await (await tsgi.get('/')).text()).toBe('one')
    expect(tsgi.stderr).toContain('tsgi reload, status, stop and scale do not reach this server')
    expect(readdirSync(folder.path)).not.toContain(`${file}.control`)
  })

  it('serves without being asked anything where somebody else made the folder', async () => {
    using folder = new Folder(FILES)
    const place = folder.file(`tsgi-${userInfo().uid}`)
    mkdirSync(place)
    chmodSync(place, 0o777)
    await using tsgi = folder.tsgi(args)
    expect(await (await tsgi.get('/')).text()).toBe('one')
    expect(tsgi.stderr).toContain('is not a folder of this user alone')
    expect(readdirSync(place)).toEqual([])
  })
})

describe('where nobody runs', () => {
  it.each(['reload', 'status', 'stop', 'scale 2'])('tsgi %s says so, with exit code 1', async (command) => {
    using folder = new Folder(FILES)
    const words = command.split(' ')
    const byPort = await folder.run([...words, '-p', '1'])
    expect(byPort.stderr).toMatch(/^tsgi: No server runs with port 1\.\n/)
    expect(byPort.exitCode).toBe(1)
    const byFile = await folder.run([...words, '--pid-file', 'pid'])
    expect(byFile.stderr).toMatch(/^tsgi: No server runs with the pid file pid\.\n/)
    expect(byFile.exitCode).toBe(1)
  })

  it('port 0 is nobody’s', async () => {
    using folder = new Folder(FILES)
    const { exitCode, stderr } = await folder.run(['status', '-p', '0'])
    expect(stderr).toContain('It is not clear which server is meant')
    expect(exitCode).toBe(2)
  })
})
