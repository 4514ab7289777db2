/** Rows 19, 20, 23 and 25: descriptors, log targets, files and processes that run out, are gone, or change. */
import { execFileSync } from 'node:child_process'
import { closeSync, openSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Client } from '../client.ts'
import { cpuTime, zombiesOf } from '../processes.ts'
import { onTestEnd, serve, type ServerUnderTest, type Subject, temporaryFolder } from '../subject.ts'
import { until } from '../until.ts'

export function resources(subject: Subject): void {
  test('row 19: more connections than descriptors: no spinning, a word in the log, and it recovers by itself', async () => {
    const nofile = subject.name === 'process' ? 48 : 160
    const server = await serve(subject, {
      prefix: ['prlimit', `--nofile=${nofile}:${nofile}`],
      options: subject.name === 'process' ? { maxProcesses: 64 } : {},
    })
    const crowd = await hold(server, subject.name === 'process' ? 60 : 400)
    await until('a word in the log', () => server.stderr !== '')
    const before = cpuOf(server)
    await sleep(1_000)
    expect(cpuOf(server) - before).toBeLessThan(400)
    for (const client of crowd) client.close()
    await until('an answer', async () => (await server.get('/who').catch(() => null))?.status === 200, 15_000)
    // Once for each process that has a cap, not for each connection.
    const said = server.stderr.match(/connections are open, as many as may be|a worker could not be started/g) ?? []
    expect(said.length).toBeGreaterThan(0)
    expect(said.length).toBeLessThanOrEqual(subject.name === 'process' ? 3 : server.workers.length)
  })

  test.each([
    ['on a full disk', () => openSync('/dev/full', 'w')],
    ['whose reader is gone', brokenPipe],
  ])('row 20: with a log target %s it goes on serving', async (_what, open) => {
    const server = await serve(subject, { output: open() })
    for (let i = 0; i < 5; i++) expect((await server.get('/console')).body).toBe('said')
    expect((await server.get('/throw')).status).toBe(500)
    const { pid } = await server.who()
    expect(pid).toBeGreaterThan(0)
    server.signal('SIGHUP')
    if (subject.name !== 'event-loop')
      await until('a reload that nobody hears of', async () => (await server.who()).pid !== pid)
    expect(server.end).toBeNull()
  })

  test('row 23: a file that is truncated while it is sent: the connection is destroyed, never padded', async () => {
    const folder = temporaryFolder()
    const file = join(folder, 'large.bin')
    const SIZE = 40 * 2 ** 20
    writeFileSync(file, Buffer.alloc(SIZE, 'x'))
    const server = await serve(subject, {
      app: { module: new URL('../programs/files.ts', import.meta.url).href, config: folder },
    })
    const client = server.connect().get('/large.bin')
    client.keep = false
    await until('it to begin', () => client.size > 0)
    client.socket.pause()
    truncateSync(file, 1_000)
    client.socket.resume()
    await client.over
    expect(client.size).toBeLessThan(SIZE)
    expect((await server.get('/large.bin')).headers.get('content-length')).toBe('1000')
  })
}

export function overCapacity(subject: Subject, connections: number): void {
  test(`row 25: ${connections} connections over capacity wait; none is lost, and no zombie is left`, async () => {
    const server = await serve(subject, {
      options: subject.name === 'process' ? { maxProcesses: 4 } : { limits: { maxConnections: 8 } },
    })
    const crowd = Array.from({ length: connections }, () => server.get('/who'))
    const answers = await Promise.all(crowd)
    expect(answers.map(({ status }) => status).filter((status) => status !== 200)).toEqual([])
    await until('the last of the dead to be looked at', () => zombiesOf(server.pid).length === 0, 2_000)
  }, 400_000)

  test('row 25, where they are to be told: those over capacity are answered 503', async () => {
    const server = await serve(subject, {
      options: {
        overload: '503',
        ...(subject.name === 'process' ? { maxProcesses: 2, spare: 2 } : { limits: { maxConnections: 4 } }),
      },
    })
    const crowd = await hold(server, 8)
    const late = await until('somebody to be refused', async () => {
      const { status } = await server.get('/who')
      return status === 503 ? status : null
    })
    expect(late).toBe(503)
    for (const client of crowd) client.close()
    await until('an answer', async () => (await server.get('/who')).status === 200)
  })
}

/** Connections that each had an answer, or wait for one. */
async function hold(server: ServerUnderTest, count: number): Promise<readonly Client[]> {
  const crowd = Array.from({ length: count }, () => server.connect())
  await Promise.all(crowd.map(({ connected, over }) => Promise.race([connected, over])))
  for (const client of crowd) client.get('/who')
  await until('the first answer', () => crowd.some(({ size }) => size > 0))
  return crowd
}

function cpuOf(server: ServerUnderTest): number {
  return [server.pid, ...server.workers].reduce((sum, pid) => sum + cpuOrZero(pid), 0)
}

function cpuOrZero(pid: number): number {
  try {
    return cpuTime(pid)
  } catch {
    return 0
  }
}

/** Writing to it fails with EPIPE. */
function brokenPipe(): number {
  const path = join(temporaryFolder(), 'pipe')
  execFileSync('mkfifo', [path])
  // Open for both, so that opening does not wait for the other end.
  const reader = openSync(path, 'r+')
  const writer = openSync(path, 'w')
  closeSync(reader)
  onTestEnd(() => closeSync(writer))
  return writer
}
