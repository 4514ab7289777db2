import { describe, expect, it } from 'vitest'
import { frame, TEXT } from './frames.ts'
import { connect } from './wire.ts'

const turns = async (count: number): Promise<void> => {
  for (let n = 0; n < count; n++) await new Promise(setImmediate)
}

describe('an application that does not read', () => {
  it('slows its client down, and keeps no more than it was given at a time', async () => {
    const go = Promise.withResolvers<void>()
    let count = 0
    const wire = connect(async (socket) => {
      await go.promise
      for await (const _ of socket) count++
    })
    const thousand = Buffer.concat(Array.from({ length: 1000 }, () => frame(TEXT, 'x'.repeat(1000))))
    wire.bytes(thousand).close(1000)
    await turns(10)
    // Of a megabyte, what fits into two reads of 64 KiB.
    expect(wire.unread).toBeGreaterThan(thousand.length - 2 * 64 * 1024 - 1)
    go.resolve()
    await wire.done
    expect(count).toBe(1000)
  })

  it('counts messages without content, too', async () => {
    const go = Promise.withResolvers<void>()
    const wire = connect(() => go.promise, { closeTimeout: 10_000 })
    wire.bytes(Buffer.concat(Array.from({ length: 50_000 }, () => frame(TEXT)))).close(1000)
    await turns(10)
    expect(wire.unread).toBeGreaterThan(300_000 - 2 * 64 * 1024)
    // What nobody takes any more is thrown away.
    go.resolve()
    await wire.done
    expect(wire.unread).toBe(0)
  })
})

describe('a client that does not read', () => {
  it('makes a sender wait, until it takes what was sent', async () => {
    const log: string[] = []
    const wire = connect(async (socket, wire) => {
      expect(socket.send('free')).toBeUndefined()
      wire.stall()
      const wait = socket.send('full')
      log.push('waits')
      await wait
      log.push('has room')
    })
    expect([await wire.text(), await wire.text()]).toEqual(['free', 'full'])
    await turns(3)
    expect(log).toEqual(['waits'])
    wire.drain()
    await wire.closing()
    expect(log).toEqual(['waits', 'has room'])
    wire.close(1000)
    await wire.done
  })

  it('is given up when a sender does not wait, and more than the backlog waits', async () => {
    const sent: unknown[] = []
    const wire = connect(
      async (socket, wire) => {
        wire.stall()
        for (let n = 0; n < 5; n++) void socket.send('x'.repeat(1000))
        sent.push(socket.signal.aborted, await Promise.resolve(socket.send('y')).catch((error: Error) => error.name))
      },
      { maxBacklog: 3000 },
    )
    await expect(wire.done).rejects.toMatchObject({ code: 'TSGI_ERR_WEBSOCKET_BACKLOG' })
    expect(sent).toEqual([true, 'WebSocketClosedError'])
    expect(wire.received).toBeLessThan(3100)
  })
})
