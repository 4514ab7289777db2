import { once } from 'node:events'
import { existsSync, openSync, closeSync, readFileSync } from 'node:fs'
import net from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { Folder } from './command.ts'
import { APP, startStream } from './lifetime-setup.ts'

describe('stopping', () => {
  it.each([
    ['a second TERM', 'SIGTERM', 'SIGTERM'],
    ['INT after TERM', 'SIGTERM', 'SIGINT'],
    ['QUIT', undefined, 'SIGQUIT'],
  ] as const)('%s ends it at once', async (_name, first, second) => {
    using folder = new Folder({ 'app.ts': APP })
    await using tsgi = folder.tsgi(
      ['serve', 'app.ts', '-p', '0', '--bind', `unix:${folder.file('socket')}`].toSpliced(2, 2),
    )
    await tsgi.said(/listening/)
    const client = net.connect(folder.file('socket'))
    client.on('error', () => {})
    client.write('GET /stream HTTP/1.1\r\nhost: a\r\n\r\n')
    await once(client, 'data')
    if (first !== undefined) {
      tsgi.signal(first)
      await tsgi.said(/stopping/)
      // Within 200 ms the same signal is taken for an echo of the first.
      await sleep(250)
    }
    const before = performance.now()
    tsgi.signal(second)
    expect(await tsgi.exit).toBe(5)
    expect(performance.now() - before).toBeLessThan(2000)
    expect(existsSync(folder.file('socket'))).toBe(false)
  })

  it('takes the same signal twice at once for one', async () => {
    using folder = new Folder({ 'app.ts': APP })
    await using tsgi = folder.tsgi(['serve', 'app.ts', '-p', '0'])
    const rest = await startStream(tsgi)
    tsgi.signal('SIGINT')
    // Apart, since the system keeps no more than one of a kind waiting.
    await sleep(50)
    tsgi.signal('SIGINT')
    await tsgi.said(/stopping/)
    folder.write({ open: '' })
    expect(await rest()).toBe('last')
    expect(await tsgi.exit).toBe(0)
  })

  it('serves on for --shutdown-delay after TERM', async () => {
    using folder = new Folder({ 'app.ts': APP })
    await using tsgi = folder.tsgi(['serve', 'app.ts', '-p', '0', '--shutdown-delay', '1s'])
    await tsgi.url()
    tsgi.signal('SIGTERM')
    await tsgi.said(/SIGTERM: serving on for 1 s/)
    expect(await (await tsgi.get('/')).text()).toBe('fine')
    expect(await tsgi.exit).toBe(0)
  })

  it('runs the startup before, and the shutdown after', async () => {
    using folder = new Folder({ 'app.ts': APP })
    await using tsgi = folder.tsgi(['serve', 'app.ts:hooked', '-p', '0'])
    await tsgi.url()
    expect(tsgi.stdout).toBe('startup ran\n')
    expect(await tsgi.stop()).toBe(0)
    expect(tsgi.stdout).toBe('startup ran\nshutdown ran\n')
  })

  it('waits for no shutdown for ever', async () => {
    using folder = new Folder({ 'app.ts': APP })
    await using tsgi = folder.tsgi(['serve', 'app.ts:stuck', '-p', '0', '--graceful-timeout', '10ms'])
    await tsgi.url()
    expect(await tsgi.stop()).toBe(5)
    expect(tsgi.stderr).toContain('did not end its shutdown in time')
  })
})

describe('other signals', () => {
  it('get a word, and do not end it', async () => {
    using folder = new Folder({ 'app.ts': APP })
    await using tsgi = folder.tsgi(['serve', 'app.ts', '-p', '0'])
    await tsgi.url()
    for (const signal of ['SIGHUP', 'SIGUSR2', 'SIGTTIN', 'SIGTTOU'] as const) {
      tsgi.signal(signal)
      await tsgi.said(new RegExp(`${signal}: `))
    }
    expect(await (await tsgi.get('/')).text()).toBe('fine')
  })
})

describe('errors of the application', () => {
  it('are shown to the client by tsgi dev', async () => {
    using folder = new Folder({ 'app.ts': APP })
    await using tsgi = folder.tsgi(['dev', 'app.ts', '-p', '0'])
    expect(await (await tsgi.get('/throw')).text()).toContain('thrown in the handler')
  })

  it('that nobody awaited are logged, and no more', async () => {
    using folder = new Folder({ 'app.ts': APP })
    await using tsgi = folder.tsgi(['serve', 'app.ts', '-p', '0'])
    await tsgi.get('/unhandled')
    await tsgi.said(/nobody awaits me/)
    expect(await (await tsgi.get('/')).text()).toBe('fine')
  })

  it('that nobody caught end the process in order, with 1', async () => {
    using folder = new Folder({ 'app.ts': APP })
    await using tsgi = folder.tsgi(['serve', 'app.ts', '-p', '0'])
    const rest = await startStream(tsgi)
    await tsgi.get('/uncaught')
    await tsgi.said(/thrown from a callback/)
    await tsgi.said(/in doubt: stopping/)
    folder.write({ open: '' })
    expect(await rest()).toBe('last')
    expect(await tsgi.exit).toBe(1)
  })
})

describe('an application that cannot start', () => {
  it.each([
    [
      'fails in its startup',
      'export default Object.assign((environ, startResponse) => null, { startup() { throw new Error("no database") } })',
      /^tsgi: .*startup failed: no database\n.*app\.ts:1:/,
    ],
    [
      'fails in a callback while loading',
      'setImmediate(() => { throw new Error("no database") }); await new Promise(() => {}); ',
      /Error: no database/,
    ],
  ])('because it %s: exit code 3, said once', async (_name, source, expected) => {
    using folder = new Folder({ 'app.ts': `${source}\n` })
    const { exitCode, stderr } = await folder.run(['serve', 'app.ts', '-p', '0', '--pid-file', 'pid'])
    expect(stderr).toMatch(expected)
    expect(exitCode).toBe(3)
    expect(existsSync(folder.file('pid'))).toBe(false)
  })

  it('because it never gets ready: exit code 3 at the boot timeout', async () => {
    using folder = new Folder({ 'app.ts': 'setInterval(() => {}, 1000); await new Promise(() => {})' })
    const { exitCode, stderr } = await folder.run(['serve', 'app.ts', '-p', '0', '--boot-timeout', '200ms'])
    expect(stderr).toContain('was not ready within 200ms')
    expect(exitCode).toBe(3)
  })

  it('shows stacks with --log-level debug', async () => {
    using folder = new Folder({ 'app.ts': 'throw new Error("no database")' })
    expect((await folder.run(['serve', 'app.ts', '--log-level', 'debug'])).stderr).toMatch(
      /Error: no database\n {4,}at /,
    )
  })
})

describe('--pid-file', () => {
  it('is not taken from a process that runs, but from one that is gone', async () => {
    using folder = new Folder({ 'app.ts': APP, pid: `${process.pid}\n` })
    const refused = await folder.run(['serve', 'app.ts', '-p', '0', '--pid-file', 'pid'])
    expect(refused).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining(`names process ${process.pid}, which is running`),
    })
    expect(readFileSync(folder.file('pid'), 'utf8')).toBe(`${process.pid}\n`)
    // No process has this id: it is beyond what Linux gives out.
    folder.write({ pid: '4194305\n' })
    await using tsgi = folder.tsgi(['serve', 'app.ts', '-p', '0', '--pid-file', 'pid'])
    await tsgi.url()
    expect(readFileSync(folder.file('pid'), 'utf8')).toBe(`${tsgi.child.pid}\n`)
  })
})

describe('several addresses', () => {
  it('are served at once: TCP and a unix socket', async () => {
    using folder = new Folder({ 'app.ts': APP })
    await using tsgi = folder.tsgi(['serve', 'app.ts', '-b', '127.0.0.1:0', '-b', `unix:${folder.file('socket')}`])
    expect(await (await tsgi.get('/')).text()).toBe('fine')
    const client = net.connect(folder.file('socket'))
    client.write('GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n')
    const chunks = await client.toArray()
    expect(Buffer.concat(chunks as Buffer[]).toString()).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*fine$/)
  })
})

describe('logs that cannot be written', () => {
  it.skipIf(!existsSync('/dev/full'))('full disk: serving goes on, and the lost lines are counted', async () => {
    const full = openSync('/dev/full', 'w')
    using folder = new Folder({ 'app.ts': APP })
    await using tsgi = folder.tsgi(
      ['serve', 'app.ts', '-p', '0', '--access-log'],
      {},
      { stdio: ['ignore', full, 'pipe'] },
    )
    closeSync(full)
    for (let i = 0; i < 5; i++) expect(await (await tsgi.get('/')).text()).toBe('fine')
    await tsgi.said(/the access log cannot be written \(ENOSPC\)/)
    for (let i = 0; i < 5; i++) expect(await (await tsgi.get('/')).text()).toBe('fine')
    expect(await tsgi.stop()).toBe(0)
    expect(tsgi.stderr).toContain('10 lines of the access log were dropped')
  })

  it('a reader that has gone: serving goes on', async () => {
    using folder = new Folder({ 'app.ts': APP })
    await using tsgi = folder.tsgi(['serve', 'app.ts', '-p', '0', '--access-log'])
    await tsgi.url()
    tsgi.child.stdout?.destroy()
    for (let i = 0; i < 3; i++) expect(await (await tsgi.get('/')).text()).toBe('fine')
    await tsgi.said(/the access log cannot be written \(EPIPE\)/)
    expect(await (await tsgi.get('/')).text()).toBe('fine')
    expect(await tsgi.stop()).toBe(0)
  })

  it('a reader of the log itself that has gone: serving goes on', async () => {
    using folder = new Folder({ 'app.ts': APP })
    await using tsgi = folder.tsgi(['serve', 'app.ts', '-p', '0', '--access-log'])
    await tsgi.url()
    tsgi.child.stderr?.destroy()
    expect((await tsgi.get('/throw')).status).toBe(500)
    expect(await (await tsgi.get('/')).text()).toBe('fine')
    await tsgi.said(/GET \/ HTTP/)
    expect(await tsgi.stop()).toBe(0)
  })
})
