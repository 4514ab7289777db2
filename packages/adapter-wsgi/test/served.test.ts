/** The textbook applications over real sockets, with the validator around each: none breaks a clause. */
import { readdirSync, readlinkSync } from 'node:fs'
import net from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { fromWsgi, type WsgiApplication } from '@tsgi/adapter-wsgi'
import { serve } from '@tsgi/server-event-loop'
import { validate, type Finding } from '@tsgi/validator'
import { expect, test, vi } from 'vitest'
import { AppClass, careful, count_lines, counting, form, printing, show_environ, simple_app } from './textbook-apps.ts'

interface Served extends AsyncDisposable {
  readonly origin: string
  readonly port: number
  readonly findings: readonly Finding[]
  readonly log: readonly string[]
}

async function served(app: WsgiApplication): Promise<Served> {
  const findings: Finding[] = []
  const log: string[] = []
  const server = await serve(validate(fromWsgi(app), { report: findings, trace: true }), {
    listen: [{ host: '127.0.0.1', port: 0 }],
    log: (_level, message, fields) => void log.push(`${message} ${String(fields?.['error'] ?? '')}`),
  })
  const { origin, port } = new URL(server.urls[0] ?? '')
  return {
    origin,
    port: Number(port),
    findings,
    log,
    async [Symbol.asyncDispose]() {
      await server.close({ graceful: 0 })
      expect(findings.map(String)).toEqual([])
    },
  }
}

test.each([
  ['simple_app', simple_app, 'Hello world!\n'],
  ['AppClass', AppClass, 'Hello GET!\n'],
  ['counting', counting, '1\n2\n3\n'],
  ['printing', printing, 'one\ntwo\nthree\n'],
] as const)('%s', async (_, app, expected) => {
  await using server = await served(app)
  const answer = await fetch(server.origin)
  expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
    200,
    'text/plain',
    expected,
  ])
  const head = await fetch(server.origin, { method: 'HEAD' })
  expect([head.status, await head.text()]).toEqual([200, ''])
})

test('show_environ tells of the server and the client', async () => {
  await using server = await served(show_environ)
  const text = await (await fetch(`${server.origin}/caf%C3%A9?a=1`, { headers: { 'x-test': 'yes' } })).text()
  expect(text).toContain(`SERVER_PORT: ${server.port}\n`)
  expect(text).toContain('REMOTE_ADDR: 127.0.0.1\n')
  expect(text).toContain('HTTP_X_TEST: yes\n')
  expect(text).toContain('PATH_INFO: /cafÃ©\n')
  expect(text).toContain('QUERY_STRING: a=1\n')
})

test('form reads what is posted, with a length and without', async () => {
  await using server = await served(form)
  const whole = await fetch(server.origin, { method: 'POST', body: new URLSearchParams({ age: '42' }) })
  expect(await whole.text()).toContain('Age: 42\n')
  const pieces = new ReadableStream({
    start(controller) {
      for (const piece of ['age=4', '3&hobbies=', 'chess']) controller.enqueue(new TextEncoder().encode(piece))
      controller.close()
    },
  })
  const chunked = await fetch(server.origin, { method: 'POST', body: pieces, duplex: 'half' })
  expect(await chunked.text()).toBe('Age: 43\nHobbies: chess\n')
})

test('an upload that does not fit in memory is counted line by line, and its file is gone afterwards', async () => {
  await using server = await served(count_lines)
  const line = `${'x'.repeat(99)}\n`
  const answer = await fetch(server.origin, { method: 'POST', body: line.repeat(100_000) })
  expect(await answer.text()).toBe('100000')
  await vi.waitFor(() => expect(openBodies()).toEqual([]))
})

/** Files of request bodies that this process holds open, where the system tells. */
function openBodies(): string[] {
  if (process.platform !== 'linux') return []
  const open: string[] = []
  for (const fd of readdirSync('/proc/self/fd')) {
    try {
      open.push(readlinkSync(`/proc/self/fd/${fd}`))
    } catch {
      // It was the one that the listing itself needed.
    }
  }
  return open.filter((path) => path.includes('tsgi-body-'))
}

test('an upload that breaks off is answered with 400 by the server, and leaves no file', async () => {
  let called = false
  await using server = await served((_environ, start_response) => {
    called = true
    start_response('200 OK', [])
    return []
  })
  const head = `POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 5000000\r\n\r\n`
  const answer = await converse(server.port, head + 'x'.repeat(3_000_000))
  expect(answer).toMatch(/^HTTP\/1\.1 400 /)
  expect(called).toBe(false)
  await vi.waitFor(() => expect(openBodies()).toEqual([]))
})

/** Sends, half-closes, and gives back all that comes. */
function converse(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = net.connect(port, '127.0.0.1', () => socket.end(bytes))
    socket.on('data', (data) => {
      answer += data.toString('latin1')
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(answer))
  })
}

test('exc_info makes an error page while nothing was sent, and breaks the response off afterwards', async () => {
  const broken = (): never => {
    throw new Error('oops')
  }
  await using early = await served(careful(broken))
  const answer = await fetch(early.origin)
  expect([answer.status, await answer.text()]).toEqual([500, 'error body goes here'])

  await using late = await served(async (_environ, start_response) => {
    const write = start_response('200 OK', [['Content-Type', 'text/plain']])
    await write('x'.repeat(100_000))
    await Promise.resolve()
    start_response('500 Oops', [], new Error('too late'))
    return []
  })
  await expect(fetch(late.origin).then((answer) => answer.text())).rejects.toThrow()
  expect(late.log.join()).toContain('too late')
})

test('an async application is told by write that its client left', async () => {
  const { promise: left, resolve } = Promise.withResolvers<unknown>()
  await using server = await served(async (_environ, start_response) => {
    const write = start_response('200 OK', [])
    try {
      for (;;) await write('x'.repeat(65_536))
    } catch (error) {
      resolve(error)
    }
    return []
  })
  const socket = net.connect(server.port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n'))
  socket.once('data', () => socket.resetAndDestroy())
  expect(await left).toBeInstanceOf(Error)
})

test('an application whose client closed is told within a second of the second write after it', async () => {
  const closed = Promise.withResolvers<void>()
  const told = Promise.withResolvers<number>()
  await using server = await served(async (_environ, start_response) => {
    const write = start_response('200 OK', [])
    await write('x')
    await closed.promise
    // Two writes to the socket, not one: the system answers the first with a reset, and the second finds it.
    await write('x')
    await turn()
    const second = performance.now()
    try {
      for (;;) {
        await write('x')
        await turn()
      }
    } catch {
      told.resolve(performance.now() - second)
    }
    return []
  })
  const socket = net.connect(server.port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n'))
  socket.once('data', () => socket.destroy())
  socket.once('close', () => closed.resolve())
  expect(await told.promise).toBeLessThan(1_000)
})
