import { describe, expect, it, vi } from 'vitest'
import { WebSocketClosedError, type WebSocketConnection } from '../src/index.ts'
import { CLOSE, frame, PING, TEXT } from './frames.ts'
import { connect, echo } from './wire.ts'

const take = async (socket: WebSocketConnection): Promise<void> => {
  for await (const _ of socket);
}

describe('a close of the client', () => {
  it.each([1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999])(
    'with %d is answered with the same',
    async (code) => {
      const wire = connect(echo)
      wire.close(code, 'x'.repeat(123))
      expect((await wire.closing()).code).toBe(code)
      await wire.done
      expect(await (await wire.socket).closed).toEqual({ code, reason: 'x'.repeat(123) })
    },
  )

  it('without a code is answered without one', async () => {
    const wire = connect(echo)
    wire.send(CLOSE)
    expect(await wire.closing()).toEqual({ code: 1005, reason: '' })
    await wire.done
    expect((await (await wire.socket).closed).code).toBe(1005)
  })

  it('ends what it sends: nothing after it is looked at', async () => {
    const wire = connect(echo)
    wire.close(1000).send(PING, 'late').send(TEXT, 'late')
    expect((await wire.closing()).code).toBe(1000)
    await wire.done
    expect(wire.received).toBe(0)
  })

  it('is noticed by the handler, whose connection stays until it has ended', async () => {
    const left = Promise.withResolvers<void>()
    let ended = false
    const wire = connect(async (socket) => {
      await take(socket)
      expect(socket.signal.aborted).toBe(true)
      expect(socket.signal.reason).toMatchObject({ name: 'AbortError' })
      await left.promise
      ended = true
    })
    wire.close(1000)
    await wire.closing()
    expect(ended).toBe(false)
    left.resolve()
    await wire.done
    expect(ended).toBe(true)
  })
})

describe('a close of ours', () => {
  it('is sent when the handler returns, and waits for the answer', async () => {
    let done = false
    const wire = connect((socket) => void socket.send('bye'))
    void wire.done.then(() => (done = true))
    expect(await wire.text()).toBe('bye')
    expect(await wire.closing()).toEqual({ code: 1000, reason: '' })
    wire.send(TEXT, 'on its way').send(PING, 'too')
    await new Promise(setImmediate)
    expect(done).toBe(false)
    wire.close(1000)
    await wire.done
    // After a close nothing is sent (5.5.1), not even a pong.
    expect(wire.received).toBe(0)
  })

  it('has the code and reason that the handler gives, once', async () => {
    const wire = connect(async (socket) => {
      socket.close(4001, 'grüße')
      socket.close(4002)
      await take(socket)
    })
    expect(await wire.closing()).toEqual({ code: 4001, reason: 'grüße' })
    wire.close(4001)
    await wire.done
    expect(wire.received).toBe(0)
  })

  it.each([0, 999, 1004, 1005, 1006, 1015, 2999, 5000, 1000.5, Number.NaN])('is refused with %d', async (code) => {
    const wire = connect((socket) => {
      expect(() => socket.close(code)).toThrow('expected a close code of 1000–1003, 1007–1014 or 3000–4999')
      expect(() => socket.close(1000, 'ü'.repeat(62))).toThrow('expected a reason of at most 123 bytes, got 124')
    })
    wire.close(1000)
    await wire.done
  })

  it('gives what the client sends until it answers', async () => {
    const got: unknown[] = []
    const wire = connect(async (socket) => {
      socket.close()
      for await (const message of socket) got.push(message)
    })
    wire.send(TEXT, 'on its way').close(1000)
    await wire.done
    expect(got).toEqual(['on its way'])
  })

  it('is not waited for without end', async () => {
    const wire = connect(() => {}, { closeTimeout: 20 })
    expect((await wire.closing()).code).toBe(1000)
    await wire.done
    expect(await (await wire.socket).closed).toEqual({
      code: 1006,
      reason: 'the client did not answer a close within 20 ms',
    })
  })

  it.each([false, true])(
    'that is not answered in time ends what waits for room (compression: %s)',
    async (compression) => {
      const wire = connect(
        async (socket, wire) => {
          wire.stall()
          let outcome: unknown = 'waits'
          Promise.resolve(socket.send('x'.repeat(2000))).catch((error: unknown) => (outcome = error))
          socket.close()
          await socket.closed
          await new Promise(setImmediate)
          expect(outcome).toBeInstanceOf(WebSocketClosedError)
        },
        { closeTimeout: 20, compression },
        compression ? ['sec-websocket-extensions', 'permessage-deflate'] : [],
      )
      await wire.done
      expect((await (await wire.socket).closed).code).toBe(1006)
    },
  )

  it('is 1011 when the handler throws, and the server is given the error', async () => {
    const wire = connect(async () => {
      throw new Error('bug')
    })
    expect(await wire.closing()).toEqual({ code: 1011, reason: '' })
    wire.close(1011)
    await expect(wire.done).rejects.toThrow('bug')
  })

  it('is 1011 for a handler that throws at once, too', async () => {
    const wire = connect(() => {
      throw new Error('bug')
    })
    wire.close(1000)
    await expect(wire.done).rejects.toThrow('bug')
  })
})

describe('a client that leaves without a close', () => {
  it.each(['ends its side', 'is lost'])('%s: its messages end, and it is 1006', async (how) => {
    const wire = connect(take)
    const socket = await wire.socket
    if (how === 'ends its side') wire.end()
    else wire.lose()
    await wire.done
    expect(await socket.closed).toEqual({ code: 1006, reason: '' })
    expect(socket.signal.aborted).toBe(true)
  })

  it('is no failure of a handler that sends to it', async () => {
    const wire = connect(async (socket) => {
      await take(socket)
      await socket.send('too late')
    })
    wire.end()
    await wire.done
    const socket = await wire.socket
    await expect(socket.send('later')).rejects.toBeInstanceOf(WebSocketClosedError)
  })

  it('is a failure of a handler that sends to another client without looking', async () => {
    const first = connect(take)
    const other = await first.socket
    first.end()
    await first.done
    const second = connect(async () => other.send('for the one that has left'))
    second.close(1000)
    await expect(second.done).rejects.toMatchObject({ code: 'TSGI_ERR_WEBSOCKET_CLOSED', socket: other })
  })

  it('is noticed by what is sent to it, although messages wait that nobody takes', async () => {
    const wire = connect(async (socket, wire) => {
      wire.bytes(Buffer.concat(Array.from({ length: 1024 }, () => frame(TEXT))))
      wire.stall()
      void socket.send('x')
      await socket.closed
    })
    await wire.text()
    wire.lose()
    await new Promise(setImmediate)
    expect((await wire.socket).signal.aborted).toBe(true)
    await wire.done
    expect(await (await wire.socket).closed).toEqual({ code: 1006, reason: '' })
  })

  it('rejects what waits for room', async () => {
    const waiting = Promise.withResolvers<unknown>()
    const wire = connect(async (socket, wire) => {
      wire.stall()
      waiting.resolve(Promise.resolve(socket.send('x')).catch((error: unknown) => error))
      await take(socket)
    })
    await wire.text()
    wire.lose()
    expect(await waiting.promise).toBeInstanceOf(WebSocketClosedError)
    await wire.done
  })
})

describe('a server that stops', () => {
  it('closes with 1001, and the handler ends as with any close', async () => {
    const draining = new AbortController()
    const wire = connect(take, {}, [], { draining: draining.signal })
    await wire.socket
    draining.abort()
    expect(await wire.closing()).toEqual({ code: 1001, reason: 'the server is about to stop; connect again' })
    wire.close(1001)
    await wire.done
  })
})

describe('a client that gives no sign of life', () => {
  it('is sent a ping, and given up where it does not answer', async () => {
    vi.useFakeTimers()
    try {
      const wire = connect(take, { idleTimeout: 1000 })
      const socket = await wire.socket
      await vi.advanceTimersByTimeAsync(1000)
      expect((await wire.frame()).opcode).toBe(PING)
      await vi.advanceTimersByTimeAsync(500)
      await wire.done
      expect(await socket.closed).toEqual({ code: 1006, reason: 'the client gave no sign of life' })
    } finally {
      vi.useRealTimers()
    }
  })

  it('is kept where it answers', async () => {
    vi.useFakeTimers()
    try {
      const wire = connect(take, { idleTimeout: 1000 })
      const socket = await wire.socket
      for (let n = 0; n < 5; n++) {
        await vi.advanceTimersByTimeAsync(500)
        wire.send(10, '')
      }
      expect(socket.signal.aborted).toBe(false)
      await vi.advanceTimersByTimeAsync(2000)
      expect(socket.signal.aborted).toBe(true)
    } finally {
      vi.useRealTimers()
    }
  })

  it('is kept where it is not read from, as long as messages are taken', async () => {
    vi.useFakeTimers()
    try {
      let taken = 0
      const wire = connect(
        async (socket) => {
          for await (const _ of socket) {
            taken++
            await new Promise((resolve) => setTimeout(resolve, 900))
          }
        },
        { idleTimeout: 1000 },
      )
      wire.bytes(Buffer.concat(Array.from({ length: 1100 }, () => frame(TEXT))))
      await vi.advanceTimersByTimeAsync(20_000)
      expect(taken).toBeGreaterThan(20)
      expect((await wire.socket).signal.aborted).toBe(false)
    } finally {
      vi.useRealTimers()
    }
  })

  it.each(['FIN', 'no word'])('is given up where messages wait that nobody takes: it left with %s', async (how) => {
    vi.useFakeTimers()
    try {
      const wire = connect(async ({ closed }) => void (await closed), { idleTimeout: 1000 })
      wire.bytes(Buffer.concat(Array.from({ length: 1024 }, () => frame(TEXT))))
      if (how === 'FIN') wire.end()
      await vi.advanceTimersByTimeAsync(2000)
      expect((await wire.socket).signal.aborted).toBe(true)
      await wire.done
      expect(await (await wire.socket).closed).toMatchObject({
        code: 1006,
        reason: expect.stringContaining('the handler took no message'),
      })
    } finally {
      vi.useRealTimers()
    }
  })
})
