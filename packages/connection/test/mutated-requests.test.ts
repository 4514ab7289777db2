/** Requests with bytes changed, cut out, put in and doubled: whatever comes, the connection ends in order and nobody is left waiting. */
import { setImmediate as turn } from 'node:timers/promises'
import { type Application, header } from '@tsgi/spec'
import { expect, test } from 'vitest'
import { held } from './held-transport.ts'
import { Random } from './traffic/random.ts'

const MUTATIONS = 3000
/** `pnpm fuzz`: for so long instead, and from a seed of its own. */
const SECONDS = Number(process.env['FUZZ_SECONDS'] ?? 0)
const FIRST = SECONDS === 0 ? 1 : Number(process.env['FUZZ_SEED'] ?? Math.floor(Date.now() / 1000))

const GOOD = [
  'GET /a HTTP/1.1\r\nHost: a\r\n\r\n',
  'POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello',
  'POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n3;a=b\r\nabc\r\n0\r\nX: y\r\n\r\n',
  'POST /d HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello',
  'GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n',
  'HEAD / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n',
  'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n',
]
const PIECES = ['\r\n', ':', ' ', '\0', '0', ';', ',', 'chunked', '\t', '\r', '\n']

function mutated(random: Random): Buffer {
  let text = Array.from({ length: 1 + random.below(4) }, () => random.pick(GOOD)).join('')
  for (let i = random.below(5); i > 0; i--) {
    const at = random.below(text.length)
    const other = random.below(text.length)
    const [cut, put] = random.pick([
      [1, String.fromCharCode(random.below(256))],
      [1 + random.below(5), ''],
      [0, random.pick(PIECES)],
      [0, text.slice(other, other + random.below(30))],
    ] as const)
    text = text.slice(0, at) + put + text.slice(at + cut)
  }
  return Buffer.from(text, 'latin1')
}

const goal = SECONDS === 0 ? `${MUTATIONS} mutations` : `mutations for ${SECONDS} s, from seed ${FIRST}`

test(goal, { timeout: 60_000 + SECONDS * 1000 }, async () => {
  const end = performance.now() + SECONDS * 1000
  const goesOn = (seed: number): boolean => (SECONDS === 0 ? seed < FIRST + MUTATIONS : performance.now() < end)
  let seed = FIRST
  for (; goesOn(seed); seed++) {
    const random = new Random(seed)
    const bytes = mutated(random)
    const log: string[] = []
    let called = 0
    const app: Application = async (environ, start) => {
      called++
      if (environ.server.upgrade !== undefined && header(environ, 'upgrade') === 'x') {
        return environ.server.upgrade('x', [], async (input) => {
          for await (const _ of input);
        })
      }
      if (random.chance(0.3)) await turn()
      if (random.chance(0.7)) for await (const _ of environ.input);
      start(200, [])
      return random.chance(0.5) ? 'x' : new Set(['x', 'y'])
    }
    const { http, wire } = held(app, {
      log: (_level, message, fields) => log.push(`${message} ${String(fields?.['error'])}`),
    })
    for (let at = 0; at < bytes.length;) {
      const size = 1 + random.below(random.pick([3, 50, 5000]))
      wire.receive(bytes.subarray(at, at + size).toString('latin1'))
      at += size
      if (random.chance(0.2)) await turn()
    }
    wire.receiveEnd()
    for (let i = 0; i < 50 && http.stats().connections > 0; i++) await turn()

    const what = `seed ${seed}: ${JSON.stringify(bytes.toString('latin1'))} was answered ${JSON.stringify(wire.sent)}`
    expect(http.stats(), what).toMatchObject({ connections: 0, active: 0 })
    expect(log, what).toEqual([])
    // The application's answers, those to OPTIONS *, and one to what broke a rule.
    const answers = wire.sent.match(/HTTP\/1\.1 [2-5]\d\d/g)?.length ?? 0
    const forServer = bytes.toString('latin1').split('OPTIONS').length - 1
    expect(answers, what).toBeLessThanOrEqual(called + forServer + 1)
  }
  if (SECONDS > 0) console.log(`${seed - FIRST} mutations`)
})
