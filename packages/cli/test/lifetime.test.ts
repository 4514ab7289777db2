import { once } from 'node:events'
import { existsSync, openSync, closeSync, readFileSync } from 'node:fs'
import net from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { Folder, type Running } from './command.ts'

/** Streams until a file beside it appears, or for ever. */
const APP = `
import { existsSync, watch } from 'node:fs'
import { once } from 'node:events'

const gate = async (name) => {
  const watcher = watch('.')
  while (!existsSync(name)) await once(watcher, 'change')
  watcher.close()
}

export default (environ, startResponse) => {
  switch (environ.pathInfo) {
    case '/stream':
      startResponse(200, ['content-type', 'text/plain'])
      return (async function* () { yield 'first '; environ.server.flush(); await gate('open'); yield 'last' })()
    case '/throw':
      throw new Error('thrown in the handler')
    case '/uncaught':
      setImmediate(() => { throw new Error('thrown from a callback') })
      break
    case '/unhandled':
      void Promise.reject(new Error('nobody awaits me'))
      break
  }
  startResponse(200, ['content-type', 'text/plain'])
  return 'fine'
}
export const hooked = Object.assign((environ, startResponse) => { startResponse(200, []); return 'ok' }, {
  startup() { console.log('startup ran') },
  shutdown() { console.log('shutdown ran') },
})
export const stuck = Object.assign((environ, startResponse) => { startResponse(200, []); return 'ok' }, {
  shutdown: () => new Promise(() => {}),
})
`

/** A request whose response has begun. */
async function startStream(tsgi: Running) {
  const response = await tsgi.get('/stream')
  const reader = (response.body as ReadableStream<Uint8Array>).getReader()
  expect(new TextDecoder().decode((await reader.read()).value)).toBe('first ')
  return async () => {
    let rest = ''
    for (let part = await reader.read(); !part.done; part = await reader.read())
      rest += new TextDecoder().decode(part.value)
    return rest
  }
}

describe('stopping', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('on %s finishes what is in flight, and exits with 0', async (signal) => {
    using folder = new Folder({ 'app.ts': APP })
    await using tsgi = folder.tsgi(['serve', 'app.ts', '-p', '0'])
    const rest = await startStream(tsgi)
    tsgi.signal(signal)
    await tsgi.said(new RegExp(`${signal}: stopping`))
    await expect(fetch(await tsgi.url())).rejects.toThrow()
    folder.write({ open: '' })
    expect(await rest()).toBe('last')
    expect(await tsgi.exit).toBe(0)
  })

  it('cuts off what takes longer than the graceful timeout, and exits with 5', async () => {
    using folder = new Folder({ 'app.ts': APP })
    await using tsgi = folder.tsgi(['serve', 'app.ts', '-p', '0', '--graceful-timeout', '100ms'])
    const rest = await startStream(tsgi)
    tsgi.signal('SIGTERM')
    await expect(rest()).rejects.toThrow()
    expect(await tsgi.exit).toBe(5)
    expect(tsgi.stderr).toContain('1 response was cut off')
  })

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

  it('QUIT exits with 0 although an idle client keeps its side open', async () => {
    using folder = new Folder({ 'app.ts': APP })
    await using tsgi = folder.tsgi(['serve', 'app.ts', '-p', '0'])
    const { hostname, port } = new URL(await tsgi.url())
    const client = net.connect({ host: hostname, port: Number(port), allowHalfOpen: true })
    client.on('error', () => {})
    client.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n')
    await once(client, 'data')
    tsgi.signal('SIGQUIT')
    expect(await tsgi.exit).toBe(0)
    expect(tsgi.stderr).not.toContain('did not end its shutdown')
    client.destroy()
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
  it('in a handler cost one 500 and one logged stack', async () => {
    using folder = new Folder({ 'app.ts': APP })
    await using tsgi = folder.tsgi(['serve', 'app.ts', '-p', '0'])
    const response = await tsgi.get('/throw')
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain('thrown in the handler')
    await tsgi.said(/thrown in the handler/)
    expect(await (await tsgi.get('/')).text()).toBe('fine')
    await tsgi.stop()
    expect(tsgi.stderr.match(/Error: thrown in the handler/g)).toHaveLength(1)
    expect(tsgi.stderr).toMatch(/app\.ts:\d+/)
  })

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
      'throws while loading',
      'throw new Error("no database")',
      /^tsgi: app\.ts threw while it was loading:\n\n {2} {2}Error: no database\n {4}at app\.ts:1:7\n$/,
    ],
    [
      'has no usable export',
      'export default {}',
      /^tsgi: app\.ts exports no application as default, app or application\./,
    ],
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

describe('an address that cannot be bound', () => {
  it('is named, with exit code 4', async () => {
    const other = net.createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as net.AddressInfo
    using folder = new Folder({ 'app.ts': APP })
    const { exitCode, stderr } = await folder.run(['serve', 'app.ts', '-p', String(port)])
    other.close()
    expect(stderr).toContain(`127.0.0.1:${port}`)
    expect(stderr.trim().split('\n').length).toBeLessThan(4)
    expect(exitCode).toBe(4)
  })
})

describe('--pid-file', () => {
  it('holds the id while serving, and goes with the process', async () => {
    using folder = new Folder({ 'app.ts': APP })
    await using tsgi = folder.tsgi(['serve', 'app.ts', '-p', '0', '--pid-file', 'pid'])
    await tsgi.url()
    expect(readFileSync(folder.file('pid'), 'utf8')).toBe(`${tsgi.child.pid}\n`)
    await tsgi.stop()
    expect(existsSync(folder.file('pid'))).toBe(false)
  })

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
