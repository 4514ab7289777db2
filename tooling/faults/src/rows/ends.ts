/** Rows 11, 12 and 13: how a server ends. */
import { setTimeout as sleep } from 'node:timers/promises'
import net from 'node:net'
import { expect, test } from 'vitest'
import { isRunning } from '../processes.ts'
import { onTestEnd, serve, type Subject } from '../subject.ts'
import { until } from '../until.ts'

export function ends(subject: Subject): void {
  test('row 11: after TERM a response that streams is finished, nobody else is let in, and the exit code is 0', async () => {
    const server = await serve(subject, { options: { timeouts: { graceful: 5_000 } } })
    const client = server.connect().get('/stream?10')
    await until('the response to begin', () => client.received.includes('chunk 2'))
    server.signal('SIGTERM')
    const { body, status } = await client.response()
    expect(status).toBe(200)
    expect(body).toContain('chunk 10')
    expect((await server.ended).code).toBe(0)
    const late = server.connect()
    await late.over
    expect(late.error?.code).toBe('ECONNREFUSED')
    expect(server.journal).toContain('shutdown')
  })

  test('row 11: a response that streams past the graceful limit is cut off, without a final chunk, with exit code 5', async () => {
    const server = await serve(subject, { options: { timeouts: { graceful: 300 } } })
    const client = server.connect().get('/stream?1000')
    await until('the response to begin', () => client.received.includes('chunk 2'))
    server.signal('SIGTERM')
    await client.over
    expect(client.received).not.toContain('\r\n0\r\n\r\n')
    expect((await server.ended).code).toBe(5)
    expect(server.told).toContain('ended, 1 cut off')
  })

  test.each(['SIGTERM', 'SIGINT'] as const)('row 12: a second signal (%s) ends at once', async (signal) => {
    const server = await serve(subject)
    server.connect().get('/hang')
    await until('the hanging request', () => server.journal.includes('hang '))
    server.signal('SIGTERM')
    await sleep(200)
    const { workers } = server
    const started = performance.now()
    server.signal(signal)
    await server.ended
    expect(performance.now() - started).toBeLessThan(1_500)
    await until('the workers to be gone', () => !workers.some(isRunning), 1_000)
  })
}

export function orphans(subject: Subject): void {
  test('row 13: when the supervisor is killed all its workers end, busy, idle and looping, and the port is free', async () => {
    const server = await serve(subject)
    server.connect().get('/loop')
    await until('the loop', () => server.journal.includes('loop '))
    server.connect().get('/stream?1000')
    const { workers } = server
    server.signal('SIGKILL')
    await until('the workers to be gone', () => !workers.some(isRunning), 5_000)
    const { host, port } = server.target as net.TcpNetConnectOpts
    await until('the port to be free', () => canListen(host ?? '', port), 5_000)
  })
}

function canListen(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer()
    server.once('error', () => resolve(false))
    server.listen({ host, port }, () => server.close(() => resolve(true)))
    onTestEnd(() => server.close())
  })
}
