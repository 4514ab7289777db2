import { connect } from 'node:net'
import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { type FetchApp, fromFetch } from '../src/from-fetch/index.ts'
import { inBothModes, serving } from './serving.ts'

inBothModes('a fetch app that fails', (options) => {
  /** What a client sees and what the log says. */
  async function outcome(app: unknown, path = '/'): Promise<{ status: number; body: string; log: string }> {
    await using server = await serving(fromFetch(app as FetchApp, options))
    const response = await fetch(server.url + path)
    const body = await response.text()
    return { status: response.status, body, log: server.log.join('\n') }
  }

  test.each<[string, () => unknown]>([
    ['throws', brokenSync],
    ['rejects', brokenAsync],
    ['gives a stream that fails at once', brokenStream],
  ])('by an app that %s, is answered 500, and the log names the line', async (_, app) => {
    const { status, body, log } = await outcome(app)
    expect(status).toBe(500)
    expect(body).not.toContain('told to fail')
    expect(log).toContain('Error: told to fail')
    expect(log).toMatch(new RegExp(`${app.name} .*bad-apps\\.test\\.ts:\\d+`))
  })

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['a string', 'Hello'],
    ['a plain object', { status: 'ok' }],
    ['a promise of nothing', Promise.resolve(undefined)],
  ])('by giving back %s, is answered 500, and the log names the app', async (_, value) => {
    const { status, log } = await outcome(() => value)
    expect(status).toBe(500)
    expect(log).toMatch(/FetchAppError: The fetch app at \S*bad-apps\.test\.ts:\d+:\d+ gave back/)
  })

  test('by a route of Hono that gives back no Response, is answered 500, and the log names the handler', async () => {
    const app = new Hono().use(async (_, next) => next()).get('/', () => 'a string' as unknown as Response)
    app.get('/alone/:id', async () => 'a string' as unknown as Response)
    for (const path of ['/', '/alone/1']) {
      const { status, log } = await outcome(app, path)
      expect(status).toBe(500)
      expect(log).toMatch(/The fetch app at \S*bad-apps\.test\.ts:\d+:\d+ gave back 'a string', not a Response/)
    }
  })

  test('by giving back a network error or a body that was read, is answered 500', async () => {
    expect((await outcome(() => Response.error())).log).toContain('a Response of status 0')
    const read = await outcome(async () => {
      const response = new Response('once')
      await response.text()
      return response
    })
    expect(read.status).toBe(500)
    expect(read.log).toContain('already read')
    const response = new Response('once')
    expect((await outcome(() => response)).status).toBe(200)
    expect((await outcome(() => response)).status).toBe(500)
  })

  test('half-way through a stream, breaks the connection, and the log names the line', async () => {
    await using server = await serving(fromFetch(brokenHalfWay, options))
    const response = await fetch(server.url)
    expect(response.status).toBe(200)
    await expect(response.text()).rejects.toThrow()
    expect(server.log.join('\n')).toMatch(/told to fail half-way[\s\S]*bad-apps\.test\.ts:\d+/)
  })

  test('and handles it as Hono does, is logged by the app itself', async () => {
    const app = new Hono().get('/', brokenSync).onError((error, c) => c.text(`handled: ${error.message}`, 500))
    expect(await outcome(app)).toMatchObject({ status: 500, body: 'handled: told to fail', log: '' })
  })

  test('because the body is over the limit, is answered 413 where the app does not handle it', async () => {
    const app = async (request: Request) => new Response(await request.text())
    await using server = await serving(fromFetch(app, options), { limits: { maxBodySize: 10 } })
    const body = new Blob(['x'.repeat(100)]).stream()
    expect((await fetch(server.url, { method: 'POST', body, duplex: 'half' })).status).toBe(413)
  })

  test('is not asked where the Host makes no URL', async () => {
    await using server = await serving(fromFetch(() => new Response('never'), options))
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(server.port, '127.0.0.1', () => {
        socket.write('GET / HTTP/1.1\r\nhost: 1.2.3.4.5\r\nconnection: close\r\n\r\n')
      })
      let text = ''
      socket.on('data', (data) => void (text += data.toString()))
      socket.on('end', () => resolve(text))
      socket.on('error', reject)
    })
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    expect(server.log).toEqual([])
  })
})

function brokenSync(): Response {
  throw new Error('told to fail')
}

async function brokenAsync(): Promise<Response> {
  await Promise.resolve()
  throw new Error('told to fail')
}

function brokenStream(): Response {
  return new Response(
    new ReadableStream({
      pull: function brokenStream() {
        throw new Error('told to fail')
      },
    }),
  )
}

function brokenHalfWay(): Response {
  let chunks = 0
  return new Response(
    new ReadableStream({
      async pull(controller) {
        if (chunks++ === 3) throw new Error('told to fail half-way')
        await new Promise((resolve) => setImmediate(resolve))
        controller.enqueue(new TextEncoder().encode('some of it '))
      },
    }),
  )
}
