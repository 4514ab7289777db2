/** Level 0: it listens and answers. All else stands on these. */
import type { Behaviour } from '../behaviour.ts'
import { holds } from '../mismatch.ts'

export const BOOTS: readonly Behaviour[] = [
  {
    id: 'boot-listens',
    title: 'listens where it says',
    clause: 'RFC 9110 §4.2.1',
    force: 'must',
    level: 0,
    hint: 'serve() resolves before the socket listens, or `addresses` does not hold the port that the system gave',
    async check(t) {
      await t.connect()
    },
  },
  {
    id: 'boot-answers',
    title: 'answers a GET with a response',
    clause: 'RFC 9112 §4',
    force: 'must',
    level: 0,
    async check(t) {
      const answer = await t.request('/')
      holds(answer.status >= 200, 'a final status', String(answer.status))
    },
  },
]
