import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { Hono } from 'hono'
import { stream } from 'hono/streaming'
import { describe, expect, test } from 'vitest'
import { type FetchFunction, fromFetch } from '../src/from-fetch/index.ts'
import { inBothModes, serving, type Serving } from './serving.ts'

const MIB = 1024 * 1024
const CHUNK = 64 * 1024

/** What may be under way while nobody reads: the kernel's buffers at both ends, and little of ours. */
const UNDER_WAY = 12 * MIB

async function client(server: Serving, head: string): Promise<Socket> {
  const socket = connect(server.port, '127.0.0.1')
  await once(socket, 'connect')
  socket.write(`${head}\r\nhost: localhost\r\n\r\n`)
  return socket
}

/** Resolves when a figure has not changed for a while: there is no event for what does not happen. */
async function settled(figure: () => number): Promise<number> {
  let before = Number.NaN
  for (let calm = 0; calm < 20;) {
    await new Promise((resolve) => setTimeout(resolve, 10))
    calm = figure() === before ? calm + 1 : 0
    before = figure()
  }
  return before
}

inBothModes('streams', (options) => {
  test('a download waits for a client that does not read, and goes on when it does', async () => {
    const size = 48 * MIB
    let given = 0
    const app: FetchFunction = () =>
      new Response(
        new ReadableStream({
          pull(controller) {
            if (given === size) return controller.close()
            given += CHUNK
            controller.enqueue(new Uint8Array(CHUNK))
          },
        }),
      )
    await using server = await serving(fromFetch(app, options))
    const socket = await client(server, 'GET / HTTP/1.0')
    socket.pause()
    expect(await settled(() => given)).toBeLessThan(UNDER_WAY)
    let received = 0
    socket.on('data', (data) => void (received += data.length))
    socket.resume()
    await once(socket, 'end')
    expect(received).toBeGreaterThan(size)
    expect(given).toBe(size)
  })

  test('an upload waits for an app that does not read, and goes on when it does', async () => {
    const size = 48 * MIB
    const go = Promise.withResolvers<void>()
    const app: FetchFunction = async (request) => {
      let received = 0
      await go.promise
      for await (const chunk of request.body ?? []) received += (chunk as Uint8Array).length
      return new Response(String(received))
    }
    await using server = await serving(fromFetch(app, options))
    let sent = 0
    const body = new ReadableStream(
      {
        pull(controller) {
          if (sent === size) return controller.close()
          sent += CHUNK
          controller.enqueue(new Uint8Array(CHUNK))
        },
      },
      { highWaterMark: 0 },
    )
    const answer = fetch(server.url, { method: 'POST', body, duplex: 'half' })
    expect(await settled(() => sent)).toBeLessThan(UNDER_WAY)
    go.resolve()
    expect(await (await answer).text()).toBe(String(size))
  })

  test('a body passes through as it comes', async () => {
    const app: FetchFunction = (request) => new Response(request.body)
    await using server = await serving(fromFetch(app, options))
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
    const writer = writable.getWriter()
    const send = (word: string) => writer.write(new TextEncoder().encode(word))
    // The client sends its head with the first chunk.
    const first = send('one')
    const response = await fetch(server.url, { method: 'POST', body: readable, duplex: 'half' })
    const chunks = (response.body as ReadableStream<Uint8Array>).getReader()
    const next = async () => new TextDecoder().decode((await chunks.read()).value)
    expect(await next()).toBe('one')
    await first
    for (const word of ['two', 'three']) {
      await send(word)
      expect(await next()).toBe(word)
    }
    await writer.close()
    expect((await chunks.read()).done).toBe(true)
  })

  test('the head of a stream goes out before its first chunk', async () => {
    const go = Promise.withResolvers<void>()
    const app: FetchFunction = () =>
      new Response(
        new ReadableStream({
          async pull(controller) {
            await go.promise
            controller.enqueue(new TextEncoder().encode('late'))
            controller.close()
          },
        }),
      )
    await using server = await serving(fromFetch(app, options))
    const response = await fetch(server.url)
    expect(response.status).toBe(200)
    go.resolve()
    expect(await response.text()).toBe('late')
  })

  describe('a client that leaves', () => {
    test('cancels the stream and aborts the signal', async () => {
      const cancelled = Promise.withResolvers<void>()
      const aborted = Promise.withResolvers<void>()
      const app: FetchFunction = (request) => {
        request.signal.addEventListener('abort', () => aborted.resolve())
        return new Response(
          new ReadableStream({
            pull: (controller) => controller.enqueue(new Uint8Array(CHUNK)),
            cancel: () => cancelled.resolve(),
          }),
        )
      }
      await using server = await serving(fromFetch(app, options))
      const socket = await client(server, 'GET / HTTP/1.1')
      await once(socket, 'data')
      socket.resetAndDestroy()
      await Promise.all([cancelled.promise, aborted.promise])
    })

    test('cancels a stream that is silent', async () => {
      const cancelled = Promise.withResolvers<void>()
      const app: FetchFunction = () => new Response(new ReadableStream({ cancel: () => cancelled.resolve() }))
      await using server = await serving(fromFetch(app, options))
      const socket = await client(server, 'GET / HTTP/1.1')
      await once(socket, 'data')
      socket.resetAndDestroy()
      await cancelled.promise
    })

    test('with a plain close ends the stream within a second of the second write after it', async () => {
      const cancelled = Promise.withResolvers<void>()
      const opened = Promise.withResolvers<ReadableStreamDefaultController<Uint8Array>>()
      const app: FetchFunction = () =>
        new Response(
          new ReadableStream<Uint8Array>(
            { start: opened.resolve, cancel: () => cancelled.resolve() },
            { highWaterMark: 2 },
          ),
        )
      await using server = await serving(fromFetch(app, options))
      const socket = await client(server, 'GET / HTTP/1.1')
      await once(socket, 'data')
      socket.destroy()
      await once(socket, 'close')
      const controller = await opened.promise
      // Two writes to the socket, not one: the system answers the first with a reset, and the second finds it.
      controller.enqueue(new Uint8Array(10))
      await turn()
      controller.enqueue(new Uint8Array(10))
      const second = performance.now()
      await cancelled.promise
      expect(performance.now() - second).toBeLessThan(1_000)
    })

    test('with a plain close ends a stream that is silent at the half-close timeout', async () => {
      const halfClose = 300
      const cancelled = Promise.withResolvers<void>()
      const app: FetchFunction = () => new Response(new ReadableStream({ cancel: () => cancelled.resolve() }))
      await using server = await serving(fromFetch(app, options), { timeouts: { halfClose } })
      const socket = await client(server, 'GET / HTTP/1.1')
      await once(socket, 'data')
      const left = performance.now()
      socket.destroy()
      await cancelled.promise
      const waited = performance.now() - left
      expect(waited).toBeGreaterThan(halfClose - 100)
      expect(waited).toBeLessThan(halfClose + 1_000)
    })

    test('aborts the streaming helper of Hono', async () => {
      const aborted = Promise.withResolvers<void>()
      const app = new Hono().get('/', (c) =>
        stream(c, async (out) => {
          out.onAbort(() => aborted.resolve())
          while (!out.aborted) {
            await out.write('more ')
            await turn()
          }
        }),
      )
      await using server = await serving(fromFetch(app, options))
      const socket = await client(server, 'GET / HTTP/1.1')
      await once(socket, 'data')
      socket.resetAndDestroy()
      await aborted.promise
    })

    test('ends the reading of its body', async () => {
      const failed = Promise.withResolvers<unknown>()
      const app: FetchFunction = async (request) => {
        await request.text().catch(failed.resolve)
        return new Response()
      }
      await using server = await serving(fromFetch(app, options))
      const socket = await client(server, 'POST / HTTP/1.1\r\ncontent-length: 10')
      socket.write('12345')
      await turn()
      socket.resetAndDestroy()
      expect(await failed.promise).toBeInstanceOf(Error)
    })

    test('leaves the signal of a complete response alone', async () => {
      let signal: AbortSignal | undefined
      const app: FetchFunction = (request) => {
        signal = request.signal
        return new Response('all')
      }
      await using server = await serving(fromFetch(app, options))
      await (await fetch(server.url)).text()
      const socket = await client(server, 'GET / HTTP/1.1')
      await once(socket, 'data')
      socket.destroy()
      await (await fetch(server.url)).text()
      expect(signal?.aborted).toBe(false)
    })
  })
})
