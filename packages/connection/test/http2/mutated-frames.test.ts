/** Frames with bytes changed, cut and repeated: whatever they do to their own connection, the next client is served. */
import { once } from 'node:events'
import { expect, it } from 'vitest'
import { serving } from '../serving.ts'
import { Random } from '../traffic/random.ts'
import { rawConnect } from './client.ts'
import {
  ACK,
  code,
  DATA,
  END_STREAM,
  frame,
  get,
  PING,
  post,
  PREFACE,
  RST_STREAM,
  SETTINGS,
  WINDOW_UPDATE,
} from './raw-client.ts'

/** `pnpm fuzz` sets it. */
const SECONDS = Number(process.env['FUZZ_SECONDS'] ?? 1)

const SEEDS = [
  frame(SETTINGS, 0, 0),
  frame(SETTINGS, ACK, 0),
  get(1, '/read?a=b', ['cookie', 'a=1', 'x-long', 'y'.repeat(300)]),
  post(3, '/read', ['content-length', '5']),
  frame(DATA, END_STREAM, 3, Buffer.from('hello')),
  post(5, '/read'),
  frame(DATA, 0, 5, Buffer.alloc(100)),
  frame(WINDOW_UPDATE, 0, 0, code(1000)),
  frame(PING, 0, 0, Buffer.alloc(8)),
  frame(RST_STREAM, 0, 5, code(8)),
]

function mutated(random: Random): Buffer {
  const pick = (count: number): number => random.below(count)
  const parts = [PREFACE, ...SEEDS]
  for (let i = pick(4); i > 0; i--) parts.splice(1 + pick(parts.length), 0, SEEDS[pick(SEEDS.length)] as Buffer)
  let bytes = Buffer.concat(parts)
  for (let i = pick(8); i >= 0; i--) bytes[PREFACE.length + pick(bytes.length - PREFACE.length)] = pick(256)
  if (pick(5) === 0) bytes = bytes.subarray(0, pick(bytes.length))
  return bytes
}

it('mutated frames harm nobody else', { timeout: SECONDS * 1000 + 60_000 }, async () => {
  const server = await serving(
    async (environ, start) => {
      if (environ.pathInfo.startsWith('/read')) for await (const _ of environ.input);
      start(200, [])
      return 'hello'
    },
    { timeouts: { headers: 500, keepAlive: 500 } },
    'sockets',
  )
  const end = Date.now() + SECONDS * 1000
  for (let seed = 1; Date.now() < end; seed++) {
    const random = new Random(seed)
    const attackers = Array.from({ length: 4 }, () => {
      const client = rawConnect(server.port, undefined, mutated(random))
      client.socket.end()
      return once(client.socket.resume(), 'close')
    })
    const other = rawConnect(server.port).send(get(1))
    await other.until(() => other.ended(1))
    expect(other.body(1), `seed ${seed}`).toBe('hello')
    other.socket.destroy()
    await Promise.all(attackers)
  }
  await expect.poll(() => server.http.stats().active).toBe(0)
})
