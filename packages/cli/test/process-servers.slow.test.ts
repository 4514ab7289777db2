/** The servers that have processes of their own, by the command. */
import { chmodSync, closeSync, existsSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { Folder } from './command.ts'
import { describeProcessServer } from './describe-process-server.ts'
import { word, FILES, ask, CLUSTER, PROCESS, isGone } from './process-servers-setup.ts'

describe('a server with processes of its own', () => {
  describeProcessServer('process', PROCESS, { multiprocess: true, runOnce: true })
})

describe.each([
  ['cluster', CLUSTER],
  ['process', PROCESS],
] as const)('--server %s', (_name, args) => {
  it.each([
    [
      'throws while loading',
      'throw new Error("no database")',
      [],
      /^tsgi: app\.ts threw .*:\n\n.*no database\n.*app\.ts:1:7\n$/,
    ],
    [
      'fails in its startup',
      'export default Object.assign(() => null, { startup() { throw new Error("no database") } })',
      ['--as', 'tsgi'],
      /^tsgi: the application's startup failed: no database\n {2}at app\.ts:1:\d+\n$/,
    ],
    [
      'fails in a child only',
      'if (process.env.TSGI_WORKER) throw new Error("not here")\nexport default (environ, startResponse) => null',
      [],
      /^tsgi: app\.ts threw [^]*not here/,
    ],
    ['never gets ready', 'for (;;);', ['--boot-timeout', '300ms'], /^tsgi: a worker was not ready within 0\.3 s/],
    ['is not there', undefined, [], /^tsgi: There is no file app\.ts\.\n/],
  ])('does not start with an application that %s: exit code 3, said once', async (_what, source, more, expected) => {
    using folder = new Folder(source === undefined ? {} : { 'app.ts': source })
    const { exitCode, stderr } = await folder.run([...args, '--pid-file', 'pid', ...more])
    expect(stderr).toMatch(expected)
    expect(exitCode).toBe(3)
    expect(readdirSync(folder.path).filter((name) => name.startsWith('pid'))).toEqual([])
  })

  it('has a word for signals without a meaning, and scales by TTIN and TTOU', async () => {
    using folder = new Folder(FILES)
    await using tsgi = folder.tsgi(args)
    await tsgi.url()
    tsgi.signal('SIGUSR1')
    await tsgi.said(/SIGUSR1: there is no file of a log to open again/)
    for (const signal of ['SIGUSR2', 'SIGALRM'] as const) {
      tsgi.signal(signal)
      await tsgi.said(new RegExp(`${signal}: nothing to do`))
    }
    tsgi.signal('SIGTTIN')
    await tsgi.said(/SIGTTIN: scaled to 3/)
    tsgi.signal('SIGTTOU')
    await tsgi.said(/SIGTTOU: scaled to 2/)
    tsgi.signal('SIGTTOU')
    await tsgi.said(/SIGTTOU: scaled to 1/)
    tsgi.signal('SIGTTOU')
    await tsgi.said(/SIGTTOU: cannot scale to 0/)
    expect((await ask(tsgi)).word).toBe('one')
  })

  it('serves on for --shutdown-delay after TERM', async () => {
    using folder = new Folder(FILES)
    await using tsgi = folder.tsgi([...args, '--shutdown-delay', '1s'])
    await tsgi.url()
    tsgi.signal('SIGTERM')
    await tsgi.said(/SIGTERM: serving on for 1 s/)
    expect((await ask(tsgi)).word).toBe('one')
    expect(await tsgi.exit).toBe(0)
  })

  it('outlives a process that ends, and one that hangs', async () => {
    using folder = new Folder(FILES)
    await using tsgi = folder.tsgi([...args, '--worker-timeout', '300ms'])
    await expect(tsgi.get('/exit')).rejects.toThrow()
    await tsgi.said(/exited with code 7/)
    await expect(tsgi.get('/hang')).rejects.toThrow()
    await tsgi.said(/gave no sign of life for 0\.3 s/)
    expect((await ask(tsgi)).word).toBe('one')
    expect(await tsgi.stop()).toBe(0)
  })

  it('serves on with a log on a full disk, and counts the lines that are lost', async () => {
    using folder = new Folder(FILES)
    const full = openSync('/dev/full', 'w')
    onTestFinished(() => closeSync(full))
    await using tsgi = folder.tsgi([...args, '--access-log'], {}, { stdio: ['ignore', full, 'pipe'] })
    for (let i = 0; i < 3; i++) expect((await ask(tsgi)).word).toBe('one')
    await tsgi.said(/the access log cannot be written \(ENOSPC\)/)
    expect(await tsgi.stop()).toBe(0)
    expect(tsgi.stderr).toContain('3 lines of the access log were dropped')
  })

  it('passes flags to the Node of its processes, and lets an inspector stop them for long', async () => {
    using folder = new Folder(FILES)
    const flags = ['--max-old-space', '64MiB', '--node-flag=--no-warnings', '--inspect', '127.0.0.1:9229']
    await using tsgi = folder.tsgi([...args, ...flags, '--worker-timeout', '200ms'])
    const { argv } = await ask(tsgi)
    expect(argv).toEqual(['--disable-sigusr1', '--no-warnings', '--inspect=127.0.0.1:0', '--max-old-space-size=64'])
    expect(tsgi.stderr).toMatch(/Debugger listening on ws:\/\/127\.0\.0\.1:\d+/)
    const hanging = tsgi.get('/hang').catch(() => {})
    // The limit passes four times.
    await sleep(800)
    expect(tsgi.stderr).not.toContain('no sign of life')
    tsgi.signal('SIGQUIT')
    expect(await tsgi.exit).toBe(5)
    await hanging
  })

  it('starts anew in tsgi dev when a module that its processes loaded changes', async () => {
    using folder = new Folder(FILES)
    await using tsgi = folder.tsgi(['dev', ...args.slice(1)])
    expect((await ask(tsgi)).word).toBe('one')
    folder.write(word('two'))
    await tsgi.said(/word\.ts changed; starting again/)
    await tsgi.url(2)
    expect((await ask(tsgi)).word).toBe('two')
    folder.write({ 'word.ts': 'syntax error' })
    await tsgi.said(/waiting for a change/)
    folder.write(word('three'))
    await tsgi.url(3)
    expect((await ask(tsgi)).word).toBe('three')
    expect(await tsgi.stop('SIGINT')).toBe(0)
  })

  it('leaves nothing behind when it is told to end while it starts', async () => {
    using folder = new Folder({
      'app.ts': `console.log('pid ' + process.pid + '.'); await new Promise((resolve) => setTimeout(resolve, 60_000))`,
    })
    await using tsgi = folder.tsgi([...args, '--pid-file', 'pid'])
    const [, pid] = await tsgi.said(/pid (\d+)\./)
    tsgi.signal('SIGUSR2')
    await tsgi.said(/SIGUSR2: still starting/)
    expect(await tsgi.stop()).toBe(143)
    await vi.waitUntil(() => isGone(Number(pid)))
    expect(existsSync(folder.file('pid'))).toBe(false)
  })
})

describe('settings of processes', () => {
  it.each([
    [['--server', 'process', '--spare', '0'], '--spare 0: expected a whole number, from 1 on'],
    [
      ['--server', 'process', '--spare', '9', '--max-processes', '8'],
      '--spare 9 (--spare) is more than --max-processes 8',
    ],
    [['--server', 'process', '--spare', '65', '--max-processes', '64'], 'raise the one, or lower the other'],
    [['--server', 'cluster', '--user', 'nobody-of-this-name'], '--user nobody-of-this-name: there is no such user'],
    [['--server', 'cluster', '--group', 'none-of-this-name'], '--group none-of-this-name: there is no such group'],
    [['--server', 'process', '--workers', '2'], '--workers is for --server cluster; this is --server process'],
    [['--spare', '2'], '--spare is for --server process; this is --server event-loop'],
    [['--server', 'cluster', '--inspect', 'here'], '--inspect here: expected an address'],
  ])('%j make no sense: exit code 2', async (flags, expected) => {
    using folder = new Folder(FILES)
    const { exitCode, stderr } = await folder.run(['serve', 'app.ts', '-p', '0', '--pid-file', 'pid', ...flags])
    expect(stderr).toContain(expected)
    expect(exitCode).toBe(2)
    expect(existsSync(folder.file('pid'))).toBe(false)
  })

  it('of another server are no matter where a file or a variable has them', async () => {
    using folder = new Folder({ ...FILES, 'tsgi.config.ts': 'export default { workers: 4, spare: 2 }' })
    const { exitCode, stdout } = await folder.run(['serve', 'app.ts', '--check-config'], { TSGI_MAX_RSS: '1GiB' })
    expect(stdout).toContain('It would start')
    expect(exitCode).toBe(0)
  })

  it('have the defaults of the server, and of the command', async () => {
    using folder = new Folder(FILES)
    const config = async (...args: readonly string[]) =>
      (await folder.run([...args, 'app.ts', '--print-config'])).stdout.replaceAll(/ +/g, ' ')
    const production = await config('serve', '--server', 'process')
    expect(production).toContain('keepAliveTimeout 2s default of --server process\n')
    expect(production).toContain('workerTimeout 30s default\n')
    expect(await config('serve', '--server', 'cluster')).toContain('keepAliveTimeout 75s default\n')
    expect(await config('dev', '--server', 'cluster')).toContain('workerTimeout 0s default\n')
    expect(await config('serve', '--server', 'process', '--keep-alive-timeout', '9s')).toContain('keepAliveTimeout 9s')
  })

  it('need no --spare with --max-processes', async () => {
    using folder = new Folder(FILES)
    await using tsgi = folder.tsgi(['serve', 'app.ts', '-p', '0', '--server', 'process', '--max-processes', '1'])
    expect((await ask(tsgi)).runOnce).toBe(true)
  })

  it.runIf(process.getuid?.() === 0)('run the application as somebody else', async () => {
    using folder = new Folder({
      'app.ts': `export default (environ, startResponse) => { startResponse(200, []); return String(process.getuid()) }`,
    })
    chmodSync(folder.path, 0o755)
    await using tsgi = folder.tsgi([...CLUSTER, '--user', 'nobody'])
    expect(await (await tsgi.get('/')).text()).toBe(
      readFileSync('/etc/passwd', 'utf8').match(/^nobody:[^:]*:(\d+)/m)?.[1],
    )
  })
})
