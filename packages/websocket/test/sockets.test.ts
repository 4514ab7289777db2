import { once } from 'node:events'
import { isDeepStrictEqual } from 'node:util'
import { serve } from '@tsgi/server-event-loop'
import type { RunningServer } from '@tsgi/spec/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { webSocket } from '../src/index.ts'

describe.each([false, true])('over a socket, compression %s', (compression) => {
  let server: RunningServer
  let url: string
  beforeAll(async () => {
    server = await serve(
      (environ, startResponse) =>
        webSocket(environ, startResponse, { compression, protocols: ['echo'] }, async (socket) => {
          for await (const message of socket) await socket.send(message)
        }),
      { listen: [{ host: '127.0.0.1', port: 0 }] },
    )
    url = server.urls[0]?.replace('http', 'ws') ?? ''
  })
  afterAll(() => server.close({ graceful: 0 }))

  it('echoes text and bytes, short and long', async () => {
    const socket = new WebSocket(url, ['echo'])
    socket.binaryType = 'arraybuffer'
    await once(socket, 'open')
    expect(socket.protocol).toBe('echo')
    expect(socket.extensions.includes('permessage-deflate')).toBe(compression)
    const bytes = Uint8Array.from({ length: 300_000 }, (_, index) => index % 251)
    const messages = ['', 'hello', 'ä'.repeat(70_000), new Uint8Array(0), bytes]
    const received: (string | Uint8Array)[] = []
    const all = Promise.withResolvers<void>()
    socket.addEventListener('message', ({ data }: { readonly data: unknown }) => {
      received.push(typeof data === 'string' ? data : new Uint8Array(data as ArrayBuffer))
      if (received.length === messages.length) all.resolve()
    })
    for (const message of messages) socket.send(message)
    await all.promise
    expect(isDeepStrictEqual(received, messages)).toBe(true)
    socket.close(4000, 'enough')
    const [event] = (await once(socket, 'close')) as [CloseEvent]
    expect([event.code, event.wasClean]).toEqual([4000, true])
  })
})

it('says goodbye with 1001 when the server stops, and the server stops at once', async () => {
  const server = await serve(
    (environ, startResponse) =>
      webSocket(environ, startResponse, {}, async (socket) => {
        await socket.send('here')
        for await (const _ of socket);
      }),
    { listen: [{ host: '127.0.0.1', port: 0 }] },
  )
  const socket = new WebSocket(server.urls[0]?.replace('http', 'ws') ?? '')
  await once(socket, 'message')
  const closed = once(socket, 'close') as Promise<[CloseEvent]>
  await server.close({ graceful: 60_000 })
  const [{ code, wasClean }] = await closed
  expect([code, wasClean]).toEqual([1001, true])
})
