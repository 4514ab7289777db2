/** Requests that break a rule: one answer, then the connection closes and nothing after it is parsed. */
import type { Behaviour } from '../behaviour.ts'
import { type Force, isStronger, strongest } from '../force.ts'
import { among, Mismatch, rethrownWith, show, withForce } from '../mismatch.ts'
import type { Wire } from '../wire.ts'
import { echo } from './apps.ts'
import { FIELDS, HOSTS } from './refusals/fields.ts'
import { CHUNKS, FRAMING } from './refusals/framing.ts'
import type { Refusal } from './refusals/refusal.ts'
import { LINES, METHODS, TARGETS, VERSIONS } from './refusals/request-lines.ts'

const BAD: readonly number[] = [400]
const FOLLOWS = 'GET /smuggled HTTP/1.1\r\nHost: {host}\r\n\r\n'

/** The refusal of a server whose application had answered before the fault came. */
const REFUSED_LATER = /^HTTP\/1\.1 (400|431) /

/** How much each part of the answer binds. */
interface Forces {
  /** A status that is not one of those wanted; 0 is no answer. */
  status(status: number): Force
  readonly closes: Force
  readonly unserved: Force
  /** The strongest of them. */
  readonly whole: Force
}

function forcesOf({ force, closes, unserved, enough = [] }: Refusal, early: boolean): Forces {
  const closing = closes ?? (force === 'should' ? 'should' : 'ours')
  // What is answered before the fault is read has no status to judge: not to serve what follows is all that is asked.
  const serving = unserved ?? (early && typeof force === 'string' ? force : closing)
  return {
    status(status) {
      if (enough.includes(status)) return 'should'
      return typeof force === 'string' ? force : force(status)
    },
    closes: closing,
    unserved: serving,
    whole: strongest(typeof force === 'string' ? force : 'must', closing, serving),
  }
}

/** The answer has one of these statuses, and it is the last. */
function judged(refusal: Refusal, early: boolean): Behaviour {
  const forces = forcesOf(refusal, early)
  const wanted = refusal.status ?? BAD
  return {
    id: refusal.id,
    title: refusal.title,
    clause: refusal.clause,
    force: forces.whole,
    level: 2,
    app: echo,
    anywhere: true,
    hint: refusal.hint,
    async check(t) {
      const wire = await t.connect()
      const fill = (text: string): string => text.replaceAll('{host}', t.host).replaceAll('{path}', t.path)
      const answeredEarly = early && !t.probe
      wire.send(fill(answeredEarly ? refusal.send : refusal.send + FOLLOWS))
      const answer = await wire.response(refusal.send.split(' ', 1)[0]).catch(rethrownWith(forces.status(0)))
      // Some lose what was pipelined, which would look like a refusal: such a server is asked once it has answered.
      if (answeredEarly) {
        wire.send(fill(FOLLOWS))
        return await nothingServed(wire, forces, true)
      }
      const force = forces.status(answer.status)
      const right = force === 'must' ? [...wanted, ...(refusal.enough ?? [])] : wanted
      const rightStatus = (): void => withForce(force, () => among('status', answer.status, right))
      // The stronger demand first: a status that is only wished for is no reason not to look for what must not follow.
      if (!isStronger(strongest(forces.closes, forces.unserved), force)) rightStatus()
      await nothingServed(wire, forces, false)
      rightStatus()
    },
  }
}

async function nothingServed(wire: Wire, { closes, unserved }: Forces, early: boolean): Promise<void> {
  const rest = await wire.more().catch(rethrownWith(closes))
  if (rest.length === 0 || (early && REFUSED_LATER.test(rest.toString('latin1')))) return
  const expected = 'nothing after the answer, since what follows the fault cannot be trusted'
  throw new Mismatch(expected, show(rest)).of(unserved)
}

export const REFUSALS: readonly Behaviour[] = [
  ...[LINES, METHODS, VERSIONS, TARGETS, HOSTS, FIELDS, FRAMING].flat().map((refusal) => judged(refusal, false)),
  ...CHUNKS.map((refusal) => judged(refusal, true)),
]
