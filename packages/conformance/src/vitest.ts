/** Behaviours as vitest tests. */
import { afterAll, describe, test } from 'vitest'
import type { ServerModule } from '@tsgi/spec/server'
import { type Behaviour, LEVELS } from './behaviour.ts'
import { BehaviourFailure } from './behaviour-failure.ts'
import { EXERCISES, exercisePath } from './exercises.ts'
import { conformAgain, describeFailure } from './report.ts'
import { SERVER_BEHAVIOURS } from './server-behaviours.ts'
import { Session } from './session.ts'
import { frameworkSubject, type FrameworkOptions, serverSubject, type SubjectOptions } from './subject.ts'

/** Beyond a case's own deadline: starting and stopping servers. */
const TEST_TIMEOUT = 120_000

/** Every behaviour of servers as a test; what cannot be judged is skipped with the reason. */
export function describeServer(server: ServerModule, options: SubjectOptions = {}): void {
  const subject = serverSubject(server, options)
  const again = options.argument === undefined ? byName : (id: string) => conformAgain(subject, id)
  describeSession(new Session(subject, SERVER_BEHAVIOURS), SERVER_BEHAVIOURS, again)
}

const byName = (id: string): string => `vitest -t '${id}:'`

/** Every exercise as a test, on an application written in the framework. */
export function describeFramework(options: FrameworkOptions): void {
  const { level = LEVELS.length } = options
  const exercises = EXERCISES.filter((exercise) => exercise.level <= level)
  describeSession(new Session(frameworkSubject(options), EXERCISES, exercisePath), exercises, byName)
}

/** An adapter is judged by an application of the framework that it adapts: the same exercises. */
export const describeAdapter: (options: FrameworkOptions) => void = describeFramework

function describeSession(session: Session, behaviours: readonly Behaviour[], again: (id: string) => string): void {
  describe(session.subject.name, () => {
    afterAll(() => session.close(), TEST_TIMEOUT)
    LEVELS.forEach((title, level) => {
      const those = behaviours.filter((behaviour) => behaviour.level === level)
      if (those.length === 0) return
      describe(`level ${level}, ${title}`, () => {
        for (const behaviour of those) {
          test(`${behaviour.id}: ${behaviour.title}`, { timeout: TEST_TIMEOUT }, async ({ skip }) => {
            const outcome = await session.outcome(behaviour)
            if (outcome.kind === 'blocked') skip(`blocked by ${outcome.by}`)
            if (outcome.kind === 'inapplicable') skip(outcome.reason)
            if (outcome.kind === 'failed') throw new BehaviourFailure(describeFailure(outcome, again(behaviour.id)))
          })
        }
      })
    })
  })
}
