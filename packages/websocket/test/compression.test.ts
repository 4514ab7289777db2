import { deflateRawSync, constants, inflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { WebSocketOptions } from '../src/index.ts'
import { BINARY, CONTINUATION, PING, TEXT } from './frames.ts'
import { connect, echo, type Wire, type WireHandler } from './wire.ts'

const OFFER = ['sec-websocket-extensions', 'permessage-deflate; client_max_window_bits']
const open = (handler: WireHandler = echo, options: WebSocketOptions = {}): Wire =>
  connect(handler, { compression: { threshold: 10 }, ...options }, OFFER)

/** 7692 §7.2.1: without the four bytes at the end of a flush. */
const deflated = (content: string | Uint8Array): Buffer =>
  deflateRawSync(content, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4)
const inflated = (bytes: Uint8Array): string =>
  inflateRawSync(Buffer.concat([bytes, Buffer.from([0, 0, 0xff, 0xff])]), {
    finishFlush: constants.Z_SYNC_FLUSH,
  }).toString()

const COMPRESSED = { reserved: 4 }

describe('compression', () => {
  it('reads and sends compressed messages, and leaves short ones as they are', async () => {
    const wire = open()
    const text = 'long enough to be compressed '.repeat(500)
    for (let n = 0; n < 3; n++) {
      wire.send(TEXT, deflated(text), COMPRESSED)
      const { reserved, payload } = await wire.frame()
      expect([reserved, inflated(payload) === text, payload.length < 400]).toEqual([4, true, true])
    }
    wire.send(TEXT, deflated('short'), COMPRESSED)
    expect(await wire.frame()).toMatchObject({ reserved: 0, payload: Buffer.from('short') })
    wire.send(TEXT, 'plain')
    expect(await wire.text()).toBe('plain')
    wire.close(1000)
    await wire.done
  })

  it('reads a compressed message in fragments, with a ping between them', async () => {
    const wire = open()
    const bytes = deflated('in fragments')
    wire.send(TEXT, bytes.subarray(0, 3), { fin: false, ...COMPRESSED }).send(PING)
    wire.send(CONTINUATION, '', { fin: false }).send(CONTINUATION, bytes.subarray(3))
    expect((await wire.frame()).opcode).toBe(10)
    expect(inflated((await wire.frame()).payload)).toBe('in fragments')
    wire.close(1000)
    await wire.done
  })

  it('keeps the order of long and short messages, and closes behind them', async () => {
    const wire = open(async (socket) => {
      for (let n = 0; n < 20; n++) void socket.send(n % 2 === 0 ? `${n}` : `${n} `.repeat(5000))
      socket.close(4000, 'last')
      for await (const _ of socket);
    })
    for (let n = 0; n < 20; n++) {
      const { reserved, payload } = await wire.frame()
      expect(Number.parseInt(reserved === 4 ? inflated(payload) : payload.toString(), 10)).toBe(n)
    }
    expect(await wire.closing()).toEqual({ code: 4000, reason: 'last' })
    wire.close(4000)
    await wire.done
  })

  it('answers a close of the client behind what is being compressed', async () => {
    const wire = open(async (socket) => {
      void socket.send('x'.repeat(100_000))
      for await (const _ of socket);
    })
    wire.close(4001)
    expect(inflated((await wire.frame()).payload)).toHaveLength(100_000)
    expect((await wire.closing()).code).toBe(4001)
    await wire.done
  })

  it.each([
    ['that is no deflate', Buffer.from('garbage, garbage'), 1007],
    ['of bytes that are no text', deflated(Uint8Array.of(0xff, 0xfe)), 1007],
    ['that becomes too large', deflated(Buffer.alloc(100_001)), 1009],
    ['that is a bomb', deflated(Buffer.alloc(50_000_000)), 1009],
  ])('closes on a message %s', async (_, bytes, code) => {
    const wire = open(echo, { maxPayload: 100_000 })
    wire.send(TEXT, bytes, COMPRESSED)
    expect((await wire.closing()).code).toBe(code)
    await wire.done
  })

  it('keeps little of many small bombs whose messages nobody takes', async () => {
    const go = Promise.withResolvers<void>()
    const wire = open(() => go.promise, { maxPayload: 1_000_000 })
    const bomb = deflated(Buffer.alloc(1_000_000))
    const before = process.memoryUsage().arrayBuffers
    for (let n = 0; n < 60; n++) wire.send(BINARY, bomb, COMPRESSED)
    wire.close(1000)
    for (let n = 0; n < 200; n++) await new Promise(setImmediate)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000)
    go.resolve()
    await wire.done
  })

  it('rejects what is being compressed when the client is gone', async () => {
    const failed = Promise.withResolvers<unknown>()
    const wire = open(async (socket, wire) => {
      const sent = socket.send('x'.repeat(1_000_000))
      wire.lose()
      failed.resolve(await Promise.resolve(sent).catch((error: unknown) => error))
    })
    expect(await failed.promise).toMatchObject({ code: 'TSGI_ERR_WEBSOCKET_CLOSED' })
    await wire.done
  })

  it('gives up a client for which more is compressed than may wait', async () => {
    const wire = open(
      async (socket) => {
        for (let n = 0; n < 5; n++) void socket.send('x'.repeat(100_000))
        await socket.closed
      },
      { maxBacklog: 200_000 },
    )
    await expect(wire.done).rejects.toMatchObject({ code: 'TSGI_ERR_WEBSOCKET_BACKLOG' })
  })
})
