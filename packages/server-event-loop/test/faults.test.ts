/** The faults that the event-loop server survives, each one real, on the command as users run it. */
import { execFileSync } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '@tsgi/free-port'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Client } from './client.ts'
import { Folder, until } from './command.ts'

const APP = `
import { appendFileSync } from 'node:fs'
const note = (text) => appendFileSync('journal', text + '\\n')
const PIECE = Buffer.alloc(65536, 'x')
const tick = () => new Promise((resolve) => setTimeout(resolve, 100))

export default async (environ, startResponse) => {
  environ.server.signal.addEventListener('abort', () => note('aborted ' + environ.pathInfo))
  switch (environ.pathInfo) {
    case '/upload': {
      let size = 0
      try { for await (const bytes of environ.input) size += bytes.length }
      catch (error) { note('rejected ' + error.status); throw error }
      startResponse(200, [])
      return String(size)
    }
    case '/endless':
      startResponse(200, [])
      return (async function* () { for (;;) { yield 'tick '; environ.server.flush(); await tick() } })()
    case '/stream':
      startResponse(200, [])
      return (async function* () {
        for (let i = 1; i <= Number(environ.queryString); i++) { yield 'tick' + i + ' '; environ.server.flush(); await tick() }
      })()
    case '/large':
      startResponse(200, ['content-length', String(2 ** 30)])
      return (function* () { for (let i = 0; i < 2 ** 14; i++) yield PIECE })()
    case '/throw':
      throw new Error('thrown by the application')
  }
  startResponse(200, [])
  return 'fine'
}`

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'

describe('row 4: an application that fails at its start', () => {
  test.each([
    ['while it loads', `throw new Error('the cause')`],
    ['while it loads, later', `await null; throw new Error('the cause')`],
    [
      'in its startup',
      `export default Object.assign((environ, startResponse) => null, { startup() { throw new Error('the cause') } })`,
    ],
  ])('%s: exit code 3, the cause once, the port free', async (_when, text) => {
    const port = await freePort()
    const command = new Folder({ 'app.js': text }).serve(['app.js', '-p', String(port)])
    expect(await command.exit).toBe(3)
    expect(command.stderr.match(/the cause/g)).toHaveLength(1)
    await listen(port)
  })
})

describe('row 11: TERM while a response streams', () => {
  test('it is finished, nobody else is let in, and the process ends then, not at the limit', async () => {
    const command = new Folder({ 'app.js': APP }).serve(['app.js', '--graceful-timeout', '60s'])
    const client = (await command.connect()).send('GET /stream?15 HTTP/1.1\r\nHost: a\r\n\r\n')
    await client.contains('tick1 ')
    command.signal('SIGTERM')
    await command.said(/SIGTERM: stopping/)
    const late = await command.connect()
    await late.toClose()
    expect(late.error?.code).toBe('ECONNREFUSED')
    expect(await client.toEnd()).toMatch(/tick15 \r\n0\r\n\r\n$/)
    client.socket.end()
    expect(await command.exit).toBe(0)
  })
  test('past the graceful limit it is cut off, without a final chunk: exit code 5', async () => {
    const command = new Folder({ 'app.js': APP }).serve(['app.js', '--graceful-timeout', '300ms'])
    const client = (await command.connect()).send('GET /endless HTTP/1.1\r\nHost: a\r\n\r\n')
    await client.contains('tick')
    command.signal('SIGTERM')
    expect(await client.toEnd()).not.toContain('\r\n0\r\n')
    expect(await command.exit).toBe(5)
  })
})

test.each([
  ['SIGTERM', 'SIGINT'],
  ['SIGINT', 'SIGTERM'],
] as const)('row 12: %s, then %s: it ends at once', async (first, second) => {
  const command = new Folder({ 'app.js': APP }).serve(['app.js', '--graceful-timeout', '600s'])
  const client = (await command.connect()).send('GET /endless HTTP/1.1\r\nHost: a\r\n\r\n')
  await client.contains('tick')
  command.signal(first)
  await command.said(/: stopping/)
  const asked = performance.now()
  command.signal(second)
  expect(await command.exit).toBe(5)
  expect(performance.now() - asked).toBeLessThan(5000)
  expect(existsSync(`/proc/${command.pid}`)).toBe(false)
})

test('row 14: a head that dribbles gets 408 at an absolute deadline', async () => {
  const command = new Folder({ 'app.js': APP }).serve(['app.js', '--headers-timeout', '500ms'])
  const client = await command.connect()
  const started = performance.now()
  const dribble = setInterval(() => client.send('x'), 50)
  client.send('GET / HTTP/1.1\r\nHost: ')
  const text = await client.toEnd()
  clearInterval(dribble)
  expect(text).toMatch(/^HTTP\/1.1 408 [^]*connection: close\r\n/)
  expect(performance.now() - started).toBeGreaterThan(400)
  expect(await command.get('/')).toMatch(/fine$/)
})

test('row 15: a body below the minimum rate gets 408, and others are served meanwhile', async () => {
  const folder = new Folder({ 'app.js': APP })
  const command = folder.serve(['app.js', '--min-body-rate', '500'])
  const client = (await command.connect()).send('POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n')
  const dribble = setInterval(() => client.send('0123456789'), 100)
  expect(await command.get('/')).toMatch(/fine$/)
  const text = await client.toEnd()
  clearInterval(dribble)
  expect(text).toMatch(/^HTTP\/1.1 408 [^]*connection: close\r\n/)
  expect(readFileSync(folder.file('journal'), 'utf8')).toContain('rejected 408')
})

test('row 16: clients that reset in the middle of an upload: reads reject, signals abort, no descriptor is left', async () => {
  const folder = new Folder({ 'app.js': APP })
  const command = folder.serve(['app.js'])
  await command.get('/')
  const before = await until('its descriptors to come to rest', () => command.descriptors())
  const clients = await Promise.all(Array.from({ length: 20 }, () => command.connect()))
  for (const client of clients) client.send('POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nfirst')
  await until('all to be there', () => command.descriptors() >= before + 20)
  for (const client of clients) client.socket.resetAndDestroy()
  const journal = (): string => readFileSync(folder.file('journal'), { encoding: 'utf8', flag: 'a+' })
  await until('the reads to reject', () => journal().match(/rejected 400/g)?.length === 20)
  await until('the signals to abort', () => journal().match(/aborted \/upload/g)?.length === 20)
  await until('the descriptors to be given back', () => command.descriptors() <= before)
})

test('row 17: a client that half-closes after its request gets the whole response, and the signal aborts', async () => {
  const folder = new Folder({ 'app.js': APP })
  const command = folder.serve(['app.js'])
  const client = (await command.connect()).send('GET /stream?5 HTTP/1.1\r\nHost: a\r\n\r\n')
  client.socket.end()
  await client.contains('tick3 ')
  // Two ticks of 100 ms later, 250 ms at the most have passed.
  expect(readFileSync(folder.file('journal'), 'utf8')).toBe('aborted /stream\n')
  expect(await client.toEnd()).toMatch(/tick5 \r\n0\r\n\r\n$/)
})

test('row 18: a slow reader of 1 GB costs a few buffers, and the write timeout closes it', async () => {
  const folder = new Folder({ 'app.js': APP })
  const command = folder.serve(['app.js', '--write-timeout', '1s'])
  await command.get('/')
  const before = command.peakMemory()
  const client = await command.connect()
  client.keep = false
  client.send('GET /large HTTP/1.1\r\nHost: a\r\n\r\n')
  // For a while it takes something, slowly; then nothing.
  for (let i = 0; i < 20; i++) {
    client.socket.resume()
    await new Promise((resolve) => client.socket.once('data', resolve))
    client.socket.pause()
    await sleep(10)
  }
  const stopped = performance.now()
  await until('the server to give up', () => existsSync(folder.file('journal')))
  // Of the second, what the kernel still took before the client stopped.
  expect(performance.now() - stopped).toBeGreaterThan(500)
  expect(command.peakMemory() - before).toBeLessThan(32 * 2 ** 20)
  client.socket.resume()
  await client.toEnd()
  expect(client.size).toBeLessThan(2 ** 30)
  expect(await command.get('/')).toMatch(/fine$/)
})

test('row 19: more connections than descriptors: all are told, it is said once, nothing spins, and it recovers', async () => {
  const command = new Folder({ 'app.js': APP }).serve(['app.js'], { before: 'ulimit -n 200' })
  const target = { host: '127.0.0.1', port: await command.port() }
  const crowd = Array.from({ length: 400 }, () => new Client(target))
  onTestFinished(() => {
    for (const client of crowd) client.socket.destroy()
  })
  for (const client of crowd) client.send(GET)
  await until('everybody to be answered', () =>
    crowd.every(({ received, ended, closed }) => received !== '' || ended || closed),
  )
  const statuses = crowd.map(({ received }) => received.slice(9, 12))
  expect(new Set(statuses)).toEqual(new Set(['200', '503']))
  expect(statuses.filter((status) => status === '200').length).toBeGreaterThan(100)
  const before = command.processorTime()
  await sleep(1000)
  expect(command.processorTime() - before).toBeLessThan(300)
  for (const client of crowd) client.socket.destroy()
  await until('an answer', async () => (await command.get('/').catch(() => '')).endsWith('fine'))
  expect(command.stderr.match(/connections are open.*ulimit -n.*more are answered 503/g)).toHaveLength(1)
})

describe('row 20: with a log target', () => {
  test('on a full disk it goes on serving, and counts the lines that it drops', async () => {
    const full = openSync('/dev/full', 'w')
    onTestFinished(() => closeSync(full))
    const command = new Folder({ 'app.js': APP }).serve(['app.js', '--access-log'], { stdio: ['ignore', full, 'pipe'] })
    for (let i = 0; i < 5; i++) expect(await command.get('/')).toMatch(/fine$/)
    await command.said(/the access log cannot be written \(ENOSPC\)/)
    command.signal('SIGTERM')
    expect(await command.exit).toBe(0)
    expect(command.stderr).toMatch(/5 lines of the access log were dropped/)
  })
  test.each([
    ['on a full disk', () => openSync('/dev/full', 'w')],
    ['whose reader is gone', brokenPipe],
  ])('for everything %s it goes on serving', async (_what, open) => {
    const target = open()
    onTestFinished(() => closeSync(target))
    const port = await freePort()
    const command = new Folder({ 'app.js': APP }).serve(['app.js', '--access-log', '-p', String(port)], {
      stdio: ['ignore', target, target],
    })
    const get = (target: string): Promise<string> =>
      new Client({ host: '127.0.0.1', port })
        .send(`GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)
        .toEnd()
    await until('it to serve', async () => (await get('/')).endsWith('fine'))
    for (let i = 0; i < 5; i++) expect(await get('/throw')).toMatch(/^HTTP\/1.1 500 /)
    expect(await get('/')).toMatch(/fine$/)
    expect(command.ended).toBe(false)
    command.signal('SIGTERM')
    expect(await command.exit).toBe(0)
  })
})

describe('row 21: an address that is taken', () => {
  test('by another program: exit code 4, naming it', async () => {
    const other = await listen(0)
    const { port } = other.address() as net.AddressInfo
    const command = new Folder({ 'app.js': APP }).serve(['app.js', '-p', String(port)])
    expect(await command.exit).toBe(4)
    expect(command.stderr).toContain(`127.0.0.1:${port}`)
  })
  test('by another server: it is not joined', async () => {
    const folder = new Folder({ 'app.js': APP })
    const first = folder.serve(['app.js'])
    const port = await first.port()
    const second = folder.serve(['app.js', '-p', String(port)])
    expect(await second.exit).toBe(4)
    expect(await first.get('/')).toMatch(/fine$/)
  })
  test('by a unix socket: a live one is never taken, a stale one is replaced', async () => {
    const folder = new Folder({ 'app.js': APP })
    const socket = folder.file('socket')
    const get = (): Promise<string> => new Client({ path: socket }).send(`GET / HTTP/1.0\r\n\r\n`).toEnd()
    const first = folder.serve(['app.js', '-b', `unix:${socket}`])
    await first.said(/listening on/)
    const second = folder.serve(['app.js', '-b', `unix:${socket}`])
    expect(await second.exit).toBe(4)
    expect(second.stderr).toContain(`unix:${socket}`)
    expect(await get()).toMatch(/fine$/)
    await first.kill()
    expect(existsSync(socket)).toBe(true)
    const third = folder.serve(['app.js', '-b', `unix:${socket}`])
    await third.said(/listening on/)
    expect(await get()).toMatch(/fine$/)
    third.signal('SIGTERM')
    expect(await third.exit).toBe(0)
    expect(existsSync(socket)).toBe(false)
  })
})

test('row 22: garbage after a good pipelined request: the good one is answered, then 400 and close', async () => {
  const command = new Folder({ 'app.js': APP }).serve(['app.js'])
  const client = (await command.connect()).send(`${GET}\x00\x01garbage\r\n\r\n${GET}`)
  const text = await client.toEnd()
  expect(text.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 400'])
  expect(text).toMatch(/fineHTTP\/1.1 400 [^]*connection: close\r\n/)
})

test('row 23: a static file that is truncated while it is sent: the connection is destroyed, never padded nor kept', async () => {
  const folder = new Folder({ 'app.js': APP })
  const file = folder.file('large.bin')
  const size = 64 * 2 ** 20
  writeFileSync(file, Buffer.alloc(size, 'x'))
  const command = folder.serve(['--static', '.'])
  const client = await command.connect()
  client.keep = false
  client.send('GET /large.bin HTTP/1.1\r\nHost: a\r\n\r\n')
  await client.until((c) => c.size > 0)
  client.socket.pause()
  truncateSync(file, 1000)
  client.send('GET /app.js HTTP/1.1\r\nHost: a\r\n\r\n')
  client.socket.resume()
  client.keep = true
  await client.toEnd()
  expect(client.size).toBeLessThan(size)
  expect(client.received).not.toMatch(/HTTP\/1.1 200|\0/)
  expect(await command.get('/large.bin')).toMatch(/content-length: 1000\r\n/)
})

const LIBFAKETIME = [
  process.env['LIBFAKETIME'] ?? '',
  '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1',
  '/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1',
].find((file) => existsSync(file))

describe.skipIf(LIBFAKETIME === undefined)(
  `row 24${LIBFAKETIME === undefined ? ' (skipped: no libfaketime)' : ''}`,
  () => {
    test.each([1, -1])('the wall clock jumps %i hour: no timeout fires', async (hours) => {
      const folder = new Folder({ 'app.js': APP, offset: '+0' })
      const command = folder.serve(['app.js'], {
        env: {
          LD_PRELOAD: LIBFAKETIME,
          FAKETIME_TIMESTAMP_FILE: folder.file('offset'),
          FAKETIME_NO_CACHE: '1',
          FAKETIME_DONT_FAKE_MONOTONIC: '1',
          DONT_FAKE_MONOTONIC: '1',
        },
      })
      const dateOf = async (): Promise<number> => Date.parse(/date: (.*)\r/.exec(await command.get('/'))?.[1] ?? '')
      const idle = (await command.connect()).send(GET)
      await idle.contains('fine')
      const head = (await command.connect()).send('GET / HTTP/1.1\r\n')
      const upload = (await command.connect()).send('POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nab')
      const stream = (await command.connect()).send('GET /stream?20 HTTP/1.1\r\nHost: a\r\n\r\n')
      const reader = await command.connect()
      reader.keep = false
      reader.socket.pause()
      reader.send('GET /large HTTP/1.1\r\nHost: a\r\n\r\n')
      await stream.contains('tick1 ')
      writeFileSync(folder.file('offset'), `${hours > 0 ? '+' : ''}${hours * 3600}`)
      await until('the jump', async () => Math.abs((await dateOf()) - Date.now() - hours * 3_600_000) < 60_000)
      expect(await idle.send(GET).responses(2)).toHaveLength(2)
      expect((await head.send('Host: a\r\n\r\n').responses(1))[0]?.body).toBe('fine')
      expect((await upload.send('cd').responses(1))[0]?.body).toBe('4')
      await stream.contains('tick20 ')
      reader.socket.resume()
      await reader.until(({ size }) => size > 2 ** 26)
    })
  },
)

function listen(port: number): Promise<net.Server> {
  return new Promise((resolve, reject) => {
    const server = net.createServer()
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve(server))
    onTestFinished(() => void server.close())
  })
}

/** Writing to it fails with EPIPE. */
function brokenPipe(): number {
  const pipe = new Folder({}).file('pipe')
  execFileSync('mkfifo', [pipe])
  // Open for both, so that opening does not wait for the other end.
  const reader = openSync(pipe, 'r+')
  const writer = openSync(pipe, 'w')
  closeSync(reader)
  return writer
}
