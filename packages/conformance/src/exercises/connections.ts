/** Several requests: one after another, at once, on one connection and on many. */
import type { Behaviour } from '../behaviour.ts'
import { same } from '../mismatch.ts'

const CLIENTS = 20

export const CONNECTIONS: readonly Behaviour[] = [
  {
    id: 'keep-alive',
    title: 'answers ten requests on one connection',
    clause: 'RFC 9112 §9.3',
    force: 'must',
    level: 2,
    async check(t) {
      const wire = await t.connect()
      for (let i = 0; i < 10; i++) {
        same(`answer ${i}`, (await wire.send(t.text(`/greet/n${i}`)).response()).text, `Hello, n${i}!`)
      }
    },
  },
  {
    id: 'pipelining',
    title: 'answers pipelined requests in their order, the slow one first',
    clause: 'RFC 9112 §9.3.2',
    force: 'must',
    level: 2,
    async check(t) {
      const wire = await t.connect()
      const names = ['a', 'b', 'c', 'd']
      wire.send(t.text('/slow?ms=100') + names.map((name) => t.text(`/greet/${name}`)).join(''))
      same('first', (await wire.response()).text, 'slow')
      for (const name of names) same('next', (await wire.response()).text, `Hello, ${name}!`)
    },
  },
  {
    id: 'connection-close',
    title: 'closes where the client asks for it',
    clause: 'RFC 9112 §9.6',
    force: 'must',
    level: 2,
    async check(t) {
      const wire = await t.connect()
      const answer = await wire.send(t.text('/text', { fields: ['Connection: close'] })).response()
      same('body', answer.text, 'Hello, World!\n')
      await wire.closed()
    },
  },
  {
    id: 'concurrent',
    title: `answers ${CLIENTS} clients at once, each with its own`,
    clause: 'C.6',
    level: 2,
    deadline: 20_000,
    async check(t) {
      const clients = Array.from({ length: CLIENTS }, async (_, i) => {
        const wire = await t.connect()
        same('slow', (await wire.send(t.text(`/slow?ms=${20 + i}`)).response()).text, 'slow')
        same('own', (await wire.send(t.text(`/greet/n${i}`)).response()).text, `Hello, n${i}!`)
        wire.close()
      })
      await Promise.all(clients)
    },
  },
]
