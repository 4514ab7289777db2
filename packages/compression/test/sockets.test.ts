import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import http from 'node:http'
import { createBrotliDecompress, createGunzip, createZstdDecompress } from 'node:zlib'
import { serve } from '@tsgi/server-event-loop'
import type { Application } from '@tsgi/spec'
import { afterEach, describe, expect, it } from 'vitest'
import { compress } from '../src/index.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

async function open(app: Application, coding: string): Promise<http.IncomingMessage> {
  const server = await serve(compress(app), {
    listen: [{ host: '127.0.0.1', port: 0 }],
    // A client that closes its side may still read; until this time has passed, it is not known to have left.
    timeouts: { halfClose: 100 },
  })
  closers.push(() => server.close({ graceful: 0 }))
  const client = http.get(server.urls[0] ?? '', { headers: { 'accept-encoding': coding } })
  closers.unshift(async () => client.destroy())
  const [response] = (await once(client, 'response')) as [http.IncomingMessage]
  expect(response.headers['content-encoding']).toBe(coding)
  return response
}

const reader = { br: createBrotliDecompress, gzip: createGunzip, zstd: createZstdDecompress }

describe.each(['gzip', 'br', 'zstd'] as const)('over a socket, %s', (coding) => {
  it('sends each event when it is there', async () => {
    const next = Promise.withResolvers<void>()
    const response = await open((_environ, startResponse) => {
      startResponse(200, ['content-type', 'text/event-stream'])
      return (async function* () {
        yield 'data: 1\n\n'
        await next.promise
        yield 'data: 2\n\n'
      })()
    }, coding)
    const events = response.pipe(reader[coding]())
    expect(String((await once(events, 'data'))[0])).toBe('data: 1\n\n')
    next.resolve()
    expect(String((await once(events, 'data'))[0])).toBe('data: 2\n\n')
  })

  it('sends at a flush of the server what a generator has given', async () => {
    const next = Promise.withResolvers<void>()
    const response = await open((environ, startResponse) => {
      startResponse(200, ['content-type', 'text/plain'])
      return (async function* () {
        yield 'first'
        environ.server.flush()
        await next.promise
        yield ' last'
      })()
    }, coding)
    const text = response.pipe(reader[coding]())
    expect(String((await once(text, 'data'))[0])).toBe('first')
    next.resolve()
    expect(String((await once(text, 'data'))[0])).toBe(' last')
  })

  it('sends the head at a flush before the body', async () => {
    const next = Promise.withResolvers<void>()
    const response = await open((environ, startResponse) => {
      startResponse(200, ['content-type', 'text/plain'])
      environ.server.flush()
      return (async function* () {
        await next.promise
        yield 'late'
      })()
    }, coding)
    next.resolve()
    expect(String((await once(response.pipe(reader[coding]()), 'data'))[0])).toBe('late')
  })

  it('ends a body of which nothing has left yet when the client leaves', async () => {
    const failed = Promise.withResolvers<unknown>()
    const response = await open((_environ, startResponse) => {
      startResponse(200, ['content-type', 'text/plain'])
      return async (out) => {
        await out.flush()
        for (;;) {
          // Compresses to so little that the coder gives out nothing.
          await Promise.resolve(out.write('tick')).catch((error: unknown) => {
            failed.resolve(error)
            throw error
          })
          await new Promise((resolve) => setTimeout(resolve, 1))
        }
      }
    }, coding)
    response.destroy()
    expect(await failed.promise).toBeInstanceOf(Error)
  })

  it('makes a body wait for a client that does not read, and ends it when the client leaves', async () => {
    let made = 0
    const ended = Promise.withResolvers<void>()
    const response = await open((_environ, startResponse) => {
      startResponse(200, ['content-type', 'text/plain'])
      return (async function* () {
        try {
          for (;;) {
            // Never the same twice, which would compress to nothing.
            yield randomBytes(48 * 1024).toString('base64')
            made += 64 * 1024
            await new Promise(setImmediate)
          }
        } finally {
          ended.resolve()
        }
      })()
    }, coding)
    response.pause()
    let before = -1
    // Until nothing more is made.
    while (made !== before) {
      before = made
      await new Promise((resolve) => setTimeout(resolve, 150))
    }
    expect(made).toBeLessThan(64 * 1024 * 1024)
    response.destroy()
    await ended.promise
  })
})
