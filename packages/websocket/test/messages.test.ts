import { describe, expect, it } from 'vitest'
import type { Message } from '../src/index.ts'
import { BINARY, CONTINUATION, frame, PING, PONG, TEXT } from './frames.ts'
import { connect, echo } from './wire.ts'

describe('messages', () => {
  it.each([0, 1, 125, 126, 127, 128, 65_535, 65_536, 65_537])('of %d bytes come and go as they are', async (length) => {
    const wire = connect(echo)
    const bytes = Buffer.alloc(length, 0xfe)
    wire.send(TEXT, 'x'.repeat(length)).send(BINARY, bytes)
    expect(await wire.frame()).toEqual({ fin: true, reserved: 0, opcode: TEXT, payload: Buffer.alloc(length, 'x') })
    expect(await wire.frame()).toEqual({ fin: true, reserved: 0, opcode: BINARY, payload: bytes })
    wire.close(1000)
    await wire.done
  })

  it('are the same however their bytes are cut', async () => {
    const all = Buffer.concat([
      frame(TEXT, 'first'),
      frame(PING, 'p'),
      frame(BINARY, Buffer.alloc(200, 7)),
      frame(TEXT, ''),
    ])
    for (let size = 1; size < 12; size++) {
      const wire = connect(echo)
      for (let at = 0; at < all.length; at += size) {
        wire.bytes(all.subarray(at, at + size))
        await Promise.resolve()
      }
      const got: string[] = []
      for (let n = 0; n < 4; n++) {
        const { opcode, payload } = await wire.frame()
        got.push(`${opcode} ${payload.length}`)
      }
      expect(got.sort()).toEqual(['1 0', '1 5', '10 1', '2 200'])
      wire.close(1000)
      await wire.done
    }
  })

  it('are joined from fragments, with pings between them', async () => {
    const wire = connect(echo)
    wire
      .send(TEXT, 'a', { fin: false })
      .send(PING, 'now')
      .send(CONTINUATION, '', { fin: false })
      .send(CONTINUATION, 'b')
    expect(await wire.frame()).toMatchObject({ opcode: PONG, payload: Buffer.from('now') })
    expect(await wire.frame()).toMatchObject({ fin: true, opcode: TEXT, payload: Buffer.from('ab') })
    wire.close(1000)
    await wire.done
  })

  it('of text are UTF-8, also where a character is cut by a border of fragments', async () => {
    const text = Buffer.from('κόσμε 𝒳 \u{10FFFF} \uFFFE \0')
    for (let at = 0; at <= text.length; at++) {
      const wire = connect(echo)
      wire.send(TEXT, text.subarray(0, at), { fin: false }).send(CONTINUATION, text.subarray(at))
      expect((await wire.frame()).payload.equals(text)).toBe(true)
      wire.end()
      await wire.done
    }
  })

  it('give bytes as a plain Uint8Array', async () => {
    const got: Message[] = []
    const wire = connect(async (socket) => {
      for await (const message of socket) got.push(message)
    })
    wire.bytes(frame(BINARY, 'one'), frame(BINARY, 'two'), frame(BINARY, Buffer.alloc(40_000))).close(1000)
    await wire.done
    for (const bytes of got as Uint8Array[]) {
      expect(bytes.constructor).toBe(Uint8Array)
    }
    expect(got.map((bytes) => bytes.length)).toEqual([3, 3, 40_000])
  })

  it('are left to be taken where a loop is left', async () => {
    const got: Message[] = []
    const wire = connect(async (socket) => {
      for await (const message of socket) {
        got.push(message)
        if (got.length === 2) break
      }
      for await (const message of socket) got.push(message)
    })
    wire.send(TEXT, '1').send(TEXT, '2').send(TEXT, '3').close(1000)
    await wire.done
    expect(got).toEqual(['1', '2', '3'])
  })

  it('may be waited for more than once at a time', async () => {
    let got: readonly unknown[] = []
    const wire = connect(async (socket) => {
      const messages = socket[Symbol.asyncIterator]()
      got = await Promise.all([messages.next(), messages.next(), messages.next()])
    })
    wire.send(TEXT, '1').send(TEXT, '2').close(1000)
    await wire.done
    expect(got).toEqual([
      { done: false, value: '1' },
      { done: false, value: '2' },
      { done: true, value: undefined },
    ])
  })

  it('sent are text or bytes, and nothing else', async () => {
    const wire = connect((socket) => {
      for (const wrong of [undefined, null, 5, {}, new ArrayBuffer(2)]) {
        expect(() => socket.send(wrong as never)).toThrow('expected a string or a Uint8Array to send, got ')
      }
      void socket.send('\uD800')
      void socket.send(new Uint8Array([1, 2]).subarray(1))
    })
    // A lone surrogate is no text: it is sent as U+FFFD, as encoders do.
    expect((await wire.frame()).payload).toEqual(Buffer.from([0xef, 0xbf, 0xbd]))
    expect((await wire.frame()).payload).toEqual(Buffer.from([2]))
    wire.close(1000)
    await wire.done
  })

  it('of 128 KiB and more leave without a copy, and whole', async () => {
    const bytes = Buffer.from(Uint8Array.from({ length: 200_000 }, (_, index) => index % 251))
    const wire = connect((socket) => void socket.send(bytes))
    expect((await wire.frame()).payload.equals(bytes)).toBe(true)
    wire.close(1000)
    await wire.done
  })
})

describe('a ping', () => {
  it.each(['', 'x'.repeat(125)])('of %j is answered with its content', async (content) => {
    const wire = connect(echo)
    wire.send(PING, content)
    expect(await wire.frame()).toMatchObject({ fin: true, opcode: PONG, payload: Buffer.from(content) })
    wire.close(1000)
    await wire.done
  })

  it('is answered by the newest alone where the client takes nothing', async () => {
    const wire = connect(async (socket, wire) => {
      wire.stall()
      void socket.send('fills the buffers')
      for await (const _ of socket);
    })
    for (let n = 0; n < 1000; n++) wire.send(PING, String(n))
    expect(await wire.text()).toBe('fills the buffers')
    await new Promise(setImmediate)
    expect(wire.received).toBe(0)
    wire.drain()
    expect(await wire.frame()).toMatchObject({ opcode: PONG, payload: Buffer.from('999') })
    wire.close(1000)
    await wire.done
  })

  it('unasked for, a pong is passed over', async () => {
    const wire = connect(echo)
    wire.send(PONG, 'unasked').send(TEXT, 'x')
    expect(await wire.text()).toBe('x')
    wire.close(1000)
    await wire.done
  })
})
