import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import net from 'node:net'
import { serve } from '@tsgi/server-event-loop'
import type { RunningServer } from '@tsgi/spec/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { events, HttpError, mini, stream, type ServerEvent } from '../src/index.ts'

const left = Promise.withResolvers<string>()
const produced = Promise.withResolvers<number>()

const app = mini()
app.get('/hello/:name', ({ params }) => `Hello, ${params.name}!`)
app.get('/empty', () => null)
app.post('/json', async (context) => ({ got: await context.json() }))
app.post('/upload', async (context) => {
  const files: Record<string, string> = {}
  const fields = await context.form(async (file) => {
    const hash = createHash('sha256')
    for await (const chunk of file.content) hash.update(chunk)
    files[file.filename] = hash.digest('hex')
  })
  return { fields: [...fields], files }
})
app.get('/lines', () =>
  stream(
    (function* () {
      for (let n = 1; n <= 3; n += 1) yield `${n}\n`
    })(),
    { type: 'text/plain' },
  ),
)
app.get('/endless', () => {
  let bytes = 0
  const chunk = Buffer.alloc(64 * 1024)
  const body = async (out: { write(chunk: Uint8Array): void | Promise<void> }): Promise<void> => {
    try {
      for (;;) {
        await out.write(chunk)
        bytes += chunk.length
      }
    } finally {
      produced.resolve(bytes)
    }
  }
  return stream(body)
})
app.get('/events', ({ signal }) => {
  async function* source(): AsyncGenerator<ServerEvent> {
    try {
      yield { event: 'hello', data: { n: 1 } }
      await once(signal, 'abort')
    } finally {
      left.resolve('left')
    }
  }
  return events(source())
})
app.get('/missing', () => {
  throw new HttpError(404, 'No such thing.')
})
app.webSocket('/echo/:name', async (socket, { params }) => {
  for await (const message of socket) await socket.send(`${params.name}: ${String(message)}`)
})
app
  .group('/members', (next) => (context) => {
    if (context.query.get('pass') !== 'word') throw new HttpError(401)
    context.setCookie('seen', 'yes')
    return next(context)
  })
  .webSocket('/news', (socket) => void socket.send('news'), { protocols: ['v1'] })
app.onError((_, { environ }) => `sorry about ${environ.pathInfo}`)

describe('over a socket', () => {
  let server: RunningServer
  let base: string
  beforeAll(async () => {
    // A client that leaves between two events looks like a half-close for as long as this.
    const timeouts = { halfClose: 200 }
    server = await serve(app, { listen: [{ host: '127.0.0.1', port: 0 }], timeouts })
    base = server.urls[0] ?? ''
  })
  afterAll(() => server.close({ graceful: 0 }))

  it('answers a route', async () => {
    const response = await fetch(`${base}hello/J%C3%BCrgen`)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    expect(response.headers.get('content-length')).toBe('15')
    expect(await response.text()).toBe('Hello, Jürgen!')
  })

  it('answers HEAD with what GET would say, and without a body', async () => {
    const response = await fetch(`${base}hello/you`, { method: 'HEAD' })
    expect(response.headers.get('content-length')).toBe('11')
    expect(await response.text()).toBe('')
  })

  it('answers OPTIONS and a method that is not there with allow', async () => {
    const options = await fetch(`${base}hello/you`, { method: 'OPTIONS' })
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, HEAD, OPTIONS'])
    const refused = await fetch(`${base}hello/you`, { method: 'DELETE' })
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS'])
    expect(await refused.text()).toBe('sorry about /hello/you')
  })

  it('answers null with 204 and no length', async () => {
    const response = await fetch(`${base}empty`)
    expect([response.status, response.headers.get('content-length')]).toEqual([204, null])
  })

  it('reads JSON', async () => {
    const body = JSON.stringify({ a: 'ü'.repeat(10_000) })
    const response = await fetch(`${base}json`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    })
    expect(await response.text()).toBe(`{"got":${body}}`)
    const tooLarge = JSON.stringify('x'.repeat(2 * 1024 * 1024))
    const refused = await fetch(`${base}json`, {
      method: 'POST',
      body: tooLarge,
      headers: { 'content-type': 'application/json' },
    })
    expect(refused.status).toBe(413)
  })

  it('takes a multipart upload as a browser sends it', async () => {
    const content = randomBytes(3 * 1024 * 1024)
    const form = new FormData()
    form.append('who', 'Zoë')
    form.append('file', new Blob([content]), 'ä.bin')
    form.append('why', 'line\r\nbreak')
    const response = await fetch(`${base}upload`, { method: 'POST', body: form })
    expect(await response.json()).toEqual({
      fields: [
        ['who', 'Zoë'],
        ['why', 'line\r\nbreak'],
      ],
      files: { 'ä.bin': createHash('sha256').update(content).digest('hex') },
    })
  })

  it('streams, and waits for a slow client', async () => {
    expect(await (await fetch(`${base}lines`)).text()).toBe('1\n2\n3\n')
    const { port } = new URL(base)
    const socket = net.connect(Number(port), '127.0.0.1').pause()
    socket.on('error', () => {})
    socket.write('GET /endless HTTP/1.1\r\nhost: x\r\n\r\n')
    await once(socket, 'readable')
    socket.destroy()
    // What the kernel's buffers took, and no more.
    expect(await produced.promise).toBeLessThan(64 * 1024 * 1024)
  })

  it('sends an event when it is there, and ends its source when the client leaves', async () => {
    const leaving = new AbortController()
    const response = await fetch(`${base}events`, { signal: leaving.signal })
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    const reader = response.body!.getReader()
    const { value } = await reader.read()
    expect(Buffer.from(value!).toString()).toBe('event: hello\ndata: {"n":1}\n\n')
    leaving.abort()
    expect(await left.promise).toBe('left')
  })

  it('answers errors by its handler', async () => {
    const response = await fetch(`${base}missing`)
    expect([response.status, await response.text()]).toEqual([404, 'sorry about /missing'])
    expect((await fetch(`${base}hello/%ff`)).status).toBe(400)
  })

  describe('a WebSocket', () => {
    const open = (path: string, protocol?: string): WebSocket =>
      new WebSocket(new URL(path, base.replace('http', 'ws')), protocol)

    it('is given its messages and the parameters of its route', async () => {
      const socket = open('echo/Zo%C3%AB')
      await once(socket, 'open')
      socket.send('hello')
      const [{ data }] = (await once(socket, 'message')) as [MessageEvent]
      expect(data).toBe('Zoë: hello')
      socket.close()
      await once(socket, 'close')
    })

    it('stands behind what is around the handlers of its group', async () => {
      const refused = open('members/news')
      await once(refused, 'error')
      const socket = open('members/news?pass=word', 'v1')
      const [{ data }] = (await once(socket, 'message')) as [MessageEvent]
      expect([data, socket.protocol]).toEqual(['news', 'v1'])
      const [{ code }] = (await once(socket, 'close')) as [CloseEvent]
      expect(code).toBe(1000)
    })

    it('answers any other request with 426', async () => {
      const response = await fetch(`${base}echo/you`)
      expect([response.status, response.headers.get('upgrade')]).toEqual([426, 'websocket'])
      expect(await response.text()).toContain('this address speaks WebSocket')
    })
  })
})
