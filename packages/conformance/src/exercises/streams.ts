/** Responses that are made while they are sent. */
import type { Behaviour } from '../behaviour.ts'
import type { Case } from '../case.ts'
import { holds, same, show } from '../mismatch.ts'
import type { Wire } from '../wire.ts'

const PIECE = 64 * 1024
const PIECES = 320
const PAUSE = 400

/** On a machine that is busy elsewhere both may be there before we look; who collects a body has both every time. */
const TRIES = 5

/** @throws Mismatch where `first` never came without `later` */
async function comesEarly(t: Case, path: string, first: string, later: string): Promise<Wire> {
  for (let tries = 1; ; tries++) {
    const wire = (await t.connect()).send(t.text(path))
    await wire.contains(first)
    const early = wire.pending.toString('latin1')
    if (!early.includes(later)) return wire
    holds(tries < TRIES, `${show(first)} before ${show(later)} is made`, show(early))
  }
}

export const STREAMS: readonly Behaviour[] = [
  {
    id: 'stream',
    title: 'sends each piece of a stream when it is made',
    clause: 'B.8',
    level: 1,
    hint: 'something collects the body before it sends it',
    deadline: 10_000,
    async check(t) {
      await comesEarly(t, '/stream', 'one\n', 'three')
      same('body', (await t.request('/stream')).text, 'one\ntwo\nthree\n')
    },
  },
  {
    id: 'events',
    title: 'sends server-sent events one by one',
    clause: 'B.8',
    level: 1,
    deadline: 10_000,
    async check(t) {
      const wire = await comesEarly(t, '/events', 'data: 1\n', 'data: 2')
      await wire.contains('data: 2\n')
      const head = wire.pending.toString('latin1')
      holds(/content-type: text\/event-stream/i.test(head), 'text/event-stream', show(head))
    },
  },
  {
    id: 'download',
    title: 'sends 20 MiB whole to a client that pauses',
    clause: 'B.5',
    level: 1,
    deadline: 30_000,
    async check(t) {
      const wire = (await t.connect()).send(t.text('/download'))
      await wire.contains('\r\n\r\n')
      wire.pause()
      await new Promise((resolve) => setTimeout(resolve, PAUSE))
      wire.resume()
      const { status, body } = await wire.response()
      same('status', status, 200)
      same('bytes', body.length, PIECE * PIECES)
      for (let piece = 0; piece < PIECES; piece++) {
        const at = piece * PIECE
        const right = body[at] === piece % 256 && body[at + PIECE - 1] === piece % 256
        holds(right, `piece ${piece} to hold ${piece % 256}`, `${body[at]} and ${body[at + PIECE - 1]}`)
      }
    },
  },
  {
    id: 'http-1.0',
    title: 'answers an HTTP/1.0 client without chunks and closes',
    clause: 'L.2',
    level: 2,
    capability: 'http-1.0',
    async check(t) {
      const wire = await t.connect()
      const answer = await wire.send(t.text('/stream', { version: 'HTTP/1.0' })).response()
      same('framing', answer.framing, 'close')
      same('body', answer.text, 'one\ntwo\nthree\n')
    },
  },
  {
    id: 'client-leaves',
    title: 'tells the application that its client left',
    clause: 'G.5',
    level: 3,
    async check(t) {
      const wire = (await t.connect()).send(t.text(`/hang?case=${t.key}`))
      await wire.contains('waiting')
      wire.reset()
      await t.observed('left')
      same('the next answer', (await t.request('/text')).text, 'Hello, World!\n')
    },
  },
]
