/** Bodies larger than memory should have to hold: each side waits for the other. */
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import net from 'node:net'
import { pipeline, Readable } from 'node:stream'
import express from 'express'
import Fastify from 'fastify'
import Koa from 'koa'
import { describe, expect, test } from 'vitest'
import { tsgiHosts, type Subject } from './hosts.ts'
import { describeMemoryOf } from './memory-of-bodies.ts'
import { settled } from './wire.ts'

const MB = 1_000_000
/** What the kernel holds of a connection on loopback, both ways, and some buffers of ours. */
const IN_FLIGHT = 12 * MB
const SIZE = 40 * MB

/** Bytes on demand, counted as they are made. */
function counted(count: (bytes: number) => void): Readable {
  let left = SIZE
  return new Readable({
    read() {
      const size = Math.min(left, 50_000)
      left -= size
      count(size)
      this.push(size === 0 ? null : Buffer.alloc(size))
    },
  })
}

const downloads: Readonly<Record<string, (source: () => Readable) => Subject>> = {
  pipe: (source) => (_: IncomingMessage, response: ServerResponse) => source().pipe(response),
  Express: (source) => express().get('/', (_, response) => pipeline(source(), response, () => {})),
  Koa: (source) => new Koa().use((ctx) => (ctx.body = source())),
  Fastify: (source) => Fastify().get('/', (_, reply) => reply.send(source())),
}

for (const host of tsgiHosts) {
  describe(`on ${host.name}`, () => {
    for (const [name, subject] of Object.entries(downloads)) {
      test(`a client that does not read stops the source of ${name}`, async () => {
        let made = 0
        await using running = await host.serve(subject(() => counted((bytes) => (made += bytes))))
        const socket = net.connect(running.port, '127.0.0.1')
        socket.pause()
        socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
        expect(await settled(() => made)).toBeLessThan(IN_FLIGHT)
        let received = 0
        for await (const data of socket) received += (data as Buffer).length
        expect(received).toBeGreaterThan(SIZE)
        expect(made).toBe(SIZE)
        expect(running.findings).toEqual([])
      })
    }

    test('a listener that does not read stops its client', async () => {
      const go = Promise.withResolvers<void>()
      await using running = await host.serve(async (request: IncomingMessage, response: ServerResponse) => {
        await go.promise
        let size = 0
        for await (const chunk of request) size += (chunk as Buffer).length
        response.end(String(size))
      })
      const socket = net.connect(running.port, '127.0.0.1')
      await once(socket, 'connect')
      socket.write(`POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: ${SIZE}\r\n\r\n`)
      for (let sent = 0; sent < SIZE; sent += MB) socket.write(Buffer.alloc(MB))
      expect(await settled(() => socket.bytesWritten - socket.writableLength)).toBeLessThan(IN_FLIGHT)
      go.resolve()
      let text = ''
      for await (const data of socket) text += String(data)
      expect(text.endsWith(String(SIZE))).toBe(true)
    })
  })
}

describe('bodies larger than memory should have to hold', () => describeMemoryOf('event-loop'))
