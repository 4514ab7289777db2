/** Random clients: mostly frames as they should be, some damaged, cut anywhere. What they get is what the model says. */
import { isDeepStrictEqual } from 'node:util'
import { closing, frame } from './frames.ts'
import { type Outcome, outcomeOf } from './model.ts'
import { connect } from './wire.ts'

const MAX_PAYLOAD = 3000

/** A small generator of numbers, the same for the same seed (mulberry32). */
function randomFrom(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

const LENGTHS = [0, 0, 1, 2, 5, 124, 125, 126, 127, 300, 1000, 2999, 3000, 3001]
const CODES = [999, 1000, 1001, 1004, 1005, 1006, 1007, 1011, 1014, 1015, 2999, 3000, 4999, 5000]

/** The bytes of a client. */
export function randomClient(seed: number): Buffer {
  const random = randomFrom(seed)
  const oneOf = <T>(list: readonly T[]): T => list[random(list.length)] as T
  const text = (length: number): Buffer => Buffer.from('aé€𝒳'.repeat(length)).subarray(0, length)
  const frames: Buffer[] = []
  let fragmented = false
  for (let n = random(12); n >= 0; n--) {
    const length = oneOf(LENGTHS)
    const odd = random(25)
    if (odd === 0) {
      frames.push(frame(random(16), text(length), { fin: random(2) === 0, reserved: random(8), masked: random(3) > 0 }))
    } else if (odd < 5) {
      frames.push(frame(oneOf([9, 10]), text(Math.min(length, 125))))
    } else if (odd === 5) {
      frames.push(random(4) === 0 ? frame(8) : frame(8, closing(oneOf(CODES), text(random(5)))))
    } else {
      const fin = random(3) > 0
      // Cut characters are common: they are joined again, or no text.
      const content = random(3) === 0 ? text(length) : Buffer.from('aé€'.repeat(length >> 3))
      frames.push(frame(fragmented ? 0 : oneOf([1, 2]), content, { fin }))
      fragmented = !fin
    }
  }
  const bytes = Buffer.concat(frames)
  if (random(3) === 0 && bytes.length > 0) {
    for (let n = random(4); n >= 0; n--) bytes[random(bytes.length)] = random(256)
  }
  return bytes
}

/** What the server makes of a client whose bytes come in pieces. */
async function served(bytes: Buffer, seed: number): Promise<Outcome> {
  const random = randomFrom(seed ^ 0x5bd1e995)
  const messages: string[] = []
  const wire = connect(
    async (socket) => {
      for await (const message of socket) {
        messages.push(typeof message === 'string' ? message : `:${Buffer.from(message).toString('base64')}`)
      }
    },
    { maxPayload: MAX_PAYLOAD, idleTimeout: 0 },
  )
  for (let at = 0; at < bytes.length;) {
    const size = random(4) === 0 ? 1 + random(3) : 1 + random(2000)
    wire.bytes(bytes.subarray(at, at + size))
    at += size
    if (random(2) === 0) await Promise.resolve()
  }
  wire.end()
  await wire.done
  const pongs: string[] = []
  let code: number | null = null
  while (wire.received > 0) {
    const { fin, reserved, opcode, payload } = await wire.frame()
    if (code !== null) throw new Error('a frame after the close')
    if (!fin || reserved !== 0) throw new Error('a frame with odd bits')
    if (opcode === 10) pongs.push(payload.toString('base64'))
    else if (opcode !== 8) throw new Error(`a frame of kind ${opcode}`)
    else code = payload.length === 0 ? 1005 : payload.readUInt16BE(0)
  }
  // To a client that has left, the handler's own close is sent.
  return { messages, pongs, code }
}

/** @throws Error where server and model differ */
export async function examine(seed: number): Promise<Outcome> {
  const bytes = randomClient(seed)
  const expected = outcomeOf(bytes, MAX_PAYLOAD)
  const actual = await served(bytes, seed)
  if (!isDeepStrictEqual(actual, expected)) {
    throw new Error(`seed ${seed}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`)
  }
  return expected
}
