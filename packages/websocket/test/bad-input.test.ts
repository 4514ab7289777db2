import { describe, expect, it } from 'vitest'
import { BINARY, CLOSE, closing, CONTINUATION, frame, PING, PONG, TEXT } from './frames.ts'
import { connect, echo } from './wire.ts'

/** The close that is sent, and what the handler sees. */
async function answerTo(...frames: readonly Uint8Array[]): Promise<readonly [sent: number, seen: number]> {
  const wire = connect(echo, { maxPayload: 1000 })
  const socket = await wire.socket
  wire.bytes(...frames)
  const { code } = await wire.closing()
  // Not waited for: a client that breaks the rules may do anything next.
  await wire.done
  return [code, (await socket.closed).code]
}

const INVALID = [
  ['a lone continuation byte', [0x80]],
  ['an overlong slash', [0xc0, 0xaf]],
  ['a surrogate', [0xed, 0xa0, 0x80]],
  ['more than U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
  ['a character cut short', [0xce]],
  ['a byte that never occurs', [0xff]],
] as const

describe('bad input', () => {
  it.each([
    ['an unmasked frame', [frame(TEXT, 'x', { masked: false })]],
    ['a reserved bit', [frame(TEXT, 'x', { reserved: 1 })]],
    ['another', [frame(TEXT, 'x', { reserved: 2 })]],
    ['the bit of compression where none was agreed on', [frame(TEXT, 'x', { reserved: 4 })]],
    ['a reserved bit in a ping', [frame(PING, 'x', { reserved: 4 })]],
    ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map(
      (opcode) => [`the reserved kind ${opcode}`, [frame(opcode, 'x')]] as const,
    ),
    ['a continuation of nothing', [frame(CONTINUATION, 'x')]],
    ['a continuation after the end', [frame(TEXT, 'x'), frame(CONTINUATION, 'x')]],
    ['a message within a message', [frame(TEXT, 'x', { fin: false }), frame(TEXT, 'x')]],
    ['a ping in fragments', [frame(PING, 'x', { fin: false })]],
    ['a close in fragments', [frame(CLOSE, closing(1000), { fin: false })]],
    ['a ping of 126 bytes', [frame(PING, 'x'.repeat(126))]],
    ['a pong of 126 bytes', [frame(PONG, 'x'.repeat(126))]],
    ['a close of 126 bytes', [frame(CLOSE, closing(1000, 'x'.repeat(124)))]],
    ['a close of one byte', [frame(CLOSE, Buffer.from([3]))]],
    ...[0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535].map(
      (code) => [`a close with ${code}`, [frame(CLOSE, closing(code))]] as const,
    ),
  ] as const)('%s is closed with 1002', async (_, frames) => {
    expect(await answerTo(...frames)).toEqual([1002, 1002])
  })

  it.each(INVALID)('%s is no text: 1007', async (_, bytes) => {
    expect(await answerTo(frame(TEXT, Buffer.from(bytes)))).toEqual([1007, 1007])
    expect(await answerTo(frame(TEXT, 'ok', { fin: false }), frame(CONTINUATION, Buffer.from(bytes)))).toEqual([
      1007, 1007,
    ])
    expect(await answerTo(frame(CLOSE, closing(1000, Buffer.from(bytes))))).toEqual([1007, 1007])
  })

  it.each([
    ['a message that is too large', [frame(BINARY, Buffer.alloc(1001))]],
    ['one whose length says so', [frame(BINARY, '', { length: 2 ** 31 })]],
    ['one of more bytes than can be counted', [frame(BINARY, '', { length: 2 ** 53 })]],
    [
      'fragments that are too large together',
      [frame(TEXT, 'x'.repeat(600), { fin: false }), frame(CONTINUATION, 'x'.repeat(401))],
    ],
  ] as const)('%s is closed with 1009', async (_, frames) => {
    expect(await answerTo(...frames)).toEqual([1009, 1009])
  })

  it('takes a message of the largest size', async () => {
    const wire = connect(echo, { maxPayload: 1000 })
    wire.send(BINARY, Buffer.alloc(1000))
    expect((await wire.frame()).payload).toHaveLength(1000)
    wire.close(1000)
    await wire.done
  })

  it('closes with 1008 a message in more fragments than its size can need', async () => {
    const empty = frame(CONTINUATION, '', { fin: false })
    expect(await answerTo(frame(TEXT, '', { fin: false }), ...Array<Buffer>(5000).fill(empty))).toEqual([1008, 1008])
  })

  it('still gives what was received before', async () => {
    const got: unknown[] = []
    const wire = connect(async (socket) => {
      for await (const message of socket) got.push(message)
      got.push(await socket.closed)
    })
    wire.send(TEXT, 'good').send(TEXT, 'bad', { masked: false }).send(TEXT, 'after')
    await wire.done
    expect(got).toEqual(['good', { code: 1002, reason: 'Invalid WebSocket frame: MASK must be set' }])
  })

  it('does not answer what follows', async () => {
    const wire = connect(echo)
    wire.bytes(frame(3, 'x'), frame(PING, 'p'), frame(TEXT, 'y'))
    expect((await wire.closing()).code).toBe(1002)
    await wire.done
    expect(wire.received).toBe(0)
  })
})
