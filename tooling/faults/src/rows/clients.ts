/** Rows 14 to 18 and 22: clients that are slow, that leave, that send nonsense. */
import type { TcpNetConnectOpts } from 'node:net'
import { expect, test } from 'vitest'
import { connectionsTo, descriptorsOf, memoryOf } from '../processes.ts'
import { serve, type Subject } from '../subject.ts'
import { until } from '../until.ts'

const MEBIBYTE = 2 ** 20

export function clients(subject: Subject): void {
  test('row 14: a head that dribbles in is answered 408 at an absolute deadline, and the connection closed', async () => {
    const server = await serve(subject, { options: { timeouts: { headers: 800 } } })
    const client = server.connect()
    await client.connected
    const started = performance.now()
    const dribble = setInterval(() => client.send('x'), 100)
    client.send('GET / HTTP/1.1\r\nhost: ')
    const { status, headers } = await client.response()
    clearInterval(dribble)
    expect({ status, connection: headers.get('connection') }).toEqual({ status: 408, connection: 'close' })
    expect(performance.now() - started).toBeGreaterThan(790)
    expect(performance.now() - started).toBeLessThan(2_500)
    await until('the end', () => client.ended)
    expect((await server.get('/who')).status).toBe(200)
  })

  test('row 15: a body that takes too long is answered 408, and others are served', async () => {
    const server = await serve(subject, { options: { timeouts: { body: 800 } } })
    const client = server.connect().send('POST /upload HTTP/1.1\r\nhost: test\r\ncontent-length: 1000\r\n\r\n')
    const dribble = setInterval(() => client.send('x'), 100)
    expect((await server.get('/who')).status).toBe(200)
    expect((await client.response()).status).toBe(408)
    clearInterval(dribble)
    await until('the end', () => client.ended)
    expect(server.journal).toContain('upload rejected 408')
  })

  test('row 16: a client that resets in the middle of an upload: the read rejects, the signal aborts, no descriptor is left', async () => {
    const server = await serve(subject)
    const pids = subject.name === 'event-loop' ? [server.pid] : server.workers
    const descriptors = (): number => pids.reduce((sum, pid) => sum + descriptorsOf(pid), 0)
    const before = descriptors()
    const count = (what: string): number => server.journal.split(what).length - 1
    for (let round = 1; round <= 3; round++) {
      const client = server
        .connect()
        .send('POST /upload HTTP/1.1\r\nhost: test\r\ncontent-length: 1000000\r\n\r\nbeginning')
      await until('the application to read', () => count('upload begun') === round)
      client.reset()
    }
    await until('the application to know', () => count('upload rejected 400') === 3)
    await until('the signals', () => count('upload aborted') === 3)
    // With a process for each connection there is nothing left to count in.
    if (subject.name !== 'process') await until('the descriptors to be given back', () => descriptors() <= before)
  })

  test('row 17: a client that half-closes after its request still gets the whole response', async () => {
    const server = await serve(subject)
    const client = server.connect().get('/stream?6')
    client.socket.end()
    const { body } = await client.response()
    expect(body).toContain('chunk 6')
  })

  test('row 18: a slow reader of 1 GB costs a few buffers, and the write timeout closes it', async () => {
    const server = await serve(subject, { options: { timeouts: { write: 1_000 } } })
    const pids = (): readonly number[] => (subject.name === 'event-loop' ? [server.pid] : server.workers)
    const { port } = server.target as TcpNetConnectOpts
    const client = server.connect().get('/big?16384')
    client.keep = false
    await until('the response to begin', () => client.size > MEBIBYTE)
    const before = Math.max(...pids().map(memoryOf))
    client.socket.pause()
    const started = performance.now()
    let most = 0
    const watch = setInterval(() => (most = Math.max(most, ...pids().map((pid) => memoryOrZero(pid)))), 50)
    await until('the server to give up', () => connectionsTo(port) === 0, 10_000)
    clearInterval(watch)
    expect(performance.now() - started).toBeGreaterThan(900)
    expect(most - before).toBeLessThan(48 * MEBIBYTE)
    client.socket.resume()
    await client.over
    expect(client.size).toBeLessThan(16384 * 65536)
  })

  test('row 22: garbage after a good pipelined request: the good one is answered, then 400 and close', async () => {
    const server = await serve(subject)
    const client = server
      .connect()
      .send('GET /who HTTP/1.1\r\nhost: test\r\n\r\n\x00\x01garbage\r\n\r\nGET /who HTTP/1.1\r\nhost: test\r\n\r\n')
    expect((await client.response()).status).toBe(200)
    const { status, headers } = await client.response()
    expect({ status, connection: headers.get('connection') }).toEqual({ status: 400, connection: 'close' })
    await until('the end', () => client.ended)
    expect(client.received).toBe('')
  })
}

function memoryOrZero(pid: number): number {
  try {
    return memoryOf(pid)
  } catch {
    return 0
  }
}
