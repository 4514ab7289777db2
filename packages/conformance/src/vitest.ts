/** Behaviours as vitest tests. */
import { afterAll, describe, test } from 'vitest'
import type { ServerModule } from '@tsgi/spec/server'
import { type Behaviour, LEVELS } from './behaviour.ts'
import { EXERCISES, exercisePath } from './exercises.ts'
import { describeFailure } from './report.ts'
import { SERVER_BEHAVIOURS } from './server-behaviours.ts'
import { Session } from './session.ts'
import { frameworkSubject, type FrameworkOptions, serverSubject, type SubjectOptions } from './subject.ts'

/** Beyond a case's own deadline: starting and stopping servers. */
const TEST_TIMEOUT = 120_000

/** Every behaviour of servers as a test; what cannot be judged is skipped with the reason. */
export function describeServer(server: ServerModule, options: SubjectOptions = {}): void {
  const subject = serverSubject(server, options)
  describeSession(new Session(subject, SERVER_BEHAVIOURS), SERVER_BEHAVIOURS)
}

/** Every exercise as a test, on an application written in the framework. */
export function describeFramework(options: FrameworkOptions): void {
  describeSession(new Session(frameworkSubject(options), EXERCISES, exercisePath), EXERCISES)
}

/** An adapter is judged by an application of the framework that it adapts: the same exercises. */
export const describeAdapter: (options: FrameworkOptions) => void = describeFramework

function describeSession(session: Session, behaviours: readonly Behaviour[]): void {
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
            if (outcome.kind === 'failed')
              throw new BehaviourFailure(describeFailure(outcome, session.subject.argument))
          })
        }
      })
    })
  })
}

/** The report is the message; a stack into the kit would tell nothing. */
class BehaviourFailure extends Error {
  constructor(report: string) {
    super(report)
    this.name = 'BehaviourFailure'
    this.stack = `${this.name}: ${report}`
  }
}
