/** How the server ends with this application in it, and what the validator saw of both. */
import type { Behaviour } from '../behaviour.ts'
import { FINDINGS, type ValidatorFinding } from '../findings.ts'
import { Mismatch, same } from '../mismatch.ts'
import { observations } from '../observations.ts'

export const ENDINGS: readonly Behaviour[] = [
  {
    id: 'graceful-stop',
    title: 'finishes the response in flight when the server stops, and takes no more',
    clause: 'M.2',
    level: 3,
    isolation: 'server',
    deadline: 20_000,
    async check(t) {
      const wire = (await t.connect()).send(t.text('/stream'))
      await wire.contains('one\n')
      const stopped = t.stop(10_000)
      same('body', (await wire.response()).text, 'one\ntwo\nthree\n')
      await stopped
      let refused = false
      await t.connect().catch(() => (refused = true))
      same('a new connection is refused', refused, true)
    },
  },
  {
    id: 'validated',
    title: 'has broken no rule of the validator in all of this',
    clause: 'C.5',
    level: 3,
    async check(t) {
      const findings = observations(t.folder, FINDINGS)
      if (findings.length === 0) return
      const found = findings.map(({ detail }) => detail as ValidatorFinding)
      const texts = [...new Set(found.map(({ text }) => text))]
      throw new Mismatch('no finding', `${texts.length}:\n${texts.join('\n')}`, found[0]?.clause)
    },
  },
]
