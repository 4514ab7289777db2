import type { BodyWriter, StreamingBody } from '@tsgi/spec'
import { describe, expect, it } from 'vitest'
import { call, collector } from '../test/call.ts'
import { events, type EventsInit, type ServerEvent } from './events.ts'
import { mini } from './mini.ts'

type Source = Parameters<typeof events>[0]

function bodyOf(source: Source, init?: EventsInit): StreamingBody {
  const { body } = events(source, init)
  if (typeof body !== 'function') throw new Error('expected a streaming body')
  return body
}

async function sent(...list: readonly ServerEvent[]): Promise<string> {
  const { out, text } = collector()
  const body = bodyOf(list)
  await body(out)
  await body.close?.()
  return text()
}

describe('events', () => {
  it('writes an event as the format has it', async () => {
    expect(await sent({ data: 'hello' })).toBe('data: hello\n\n')
    expect(await sent({ event: 'tick', id: '7', retry: 500, data: { at: 1 } })).toBe(
      'event: tick\nid: 7\nretry: 500\ndata: {"at":1}\n\n',
    )
  })

  it('keeps every line of the data in the data', async () => {
    expect(await sent({ data: 'a\nb\r\nc\rd\n\nid: 1\u2028e' })).toBe(
      'data: a\ndata: b\ndata: c\ndata: d\ndata: \ndata: id: 1\u2028e\n\n',
    )
  })

  it('refuses what would break out of its line', async () => {
    await expect(sent({ event: 'a\ndata: b', data: '' })).rejects.toThrow('one line')
    await expect(sent({ id: 'a\0', data: '' })).rejects.toThrow('one line')
  })

  it('is not to be stored, nor held back by a proxy', () => {
    const { headers } = events([], { headers: ['x-a', '1'] })
    expect(headers.join(' ')).toBe('content-type text/event-stream cache-control no-store x-accel-buffering no x-a 1')
  })

  it('sends the head at once and every event when it is there', async () => {
    const log: string[] = []
    const out: BodyWriter = { write: (chunk) => void log.push(String(chunk)), flush: () => void log.push('flush') }
    async function* source(): AsyncGenerator<ServerEvent> {
      log.push('asked')
      yield { data: 1 }
      log.push('asked')
      yield { data: 2 }
    }
    const body = bodyOf(source())
    await body(out)
    await body.close?.()
    expect(log).toEqual(['flush', 'asked', 'data: 1\n\n', 'flush', 'asked', 'data: 2\n\n', 'flush'])
  })

  it('ends its source when the client leaves', async () => {
    let ended = false
    async function* source(): AsyncGenerator<ServerEvent> {
      try {
        for (let n = 0; ; n += 1) yield { data: n }
      } finally {
        ended = true
      }
    }
    const body = bodyOf(source())
    let writes = 0
    const write = async (): Promise<void> => {
      writes += 1
      if (writes === 3) throw new Error('client left')
    }
    await expect(body({ write, flush() {} })).rejects.toThrow('client left')
    await body.close?.()
    await new Promise(setImmediate)
    expect(ended).toBe(true)
  })

  it('ends the stream when the server begins to stop, though the source waits', async () => {
    const asked = Promise.withResolvers<void>()
    async function* source(): AsyncGenerator<ServerEvent> {
      yield { data: 1 }
      asked.resolve()
      await new Promise(() => {})
    }
    const { body, onDraining } = events(source())
    const { out, text } = collector()
    const ended = (body as StreamingBody)(out)
    await asked.promise
    onDraining?.()
    await ended
    expect(text()).toBe('data: 1\n\n')
    await (body as StreamingBody).close?.()
  })

  it('ends a stream that begins on a server that stops', async () => {
    const app = mini()
    app.get('/', () => events([{ data: 1 }]))
    const draining = AbortSignal.abort()
    const server = { name: 'test', signal: new AbortController().signal, draining, onFinish() {}, flush() {} }
    const answer = await call(app, 'GET /', { environ: { server } })
    expect([answer.status, await answer.text()]).toEqual([200, ''])
  })

  it('shows signs of life while there is nothing to say, and stops when it is closed', async () => {
    const { promise: never } = Promise.withResolvers<void>()
    async function* silent(): AsyncGenerator<ServerEvent> {
      await never
      yield { data: 'too late' }
    }
    const body = bodyOf(silent(), { heartbeat: 1 })
    const beaten = Promise.withResolvers<void>()
    let beats = 0
    const write = async (chunk: unknown): Promise<void> => {
      expect(chunk).toBe(':\n\n')
      beats += 1
      if (beats === 3) beaten.resolve()
      // As a server's would once the client is gone: it must not become an unhandled rejection.
      throw new Error('client left')
    }
    void body({ write, flush() {} })
    await beaten.promise
    // Behind the pending `next`: must not wait for it.
    await body.close?.()
    const after = beats
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(beats).toBe(after)
  })
})
