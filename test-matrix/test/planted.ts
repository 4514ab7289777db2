import { describe, expect, test } from 'vitest'
import { EXERCISES, exercisePath, frameworkSubject, Session, type Failure } from '@tsgi/conformance'
import { serverModule } from '@tsgi/server-event-loop'
import { exerciseApplication, type MakeApplication } from '@tsgi/conformance/exercise-application'
import raw from '@tsgi/matrix/applications/raw'
import type { APP_FAULTS } from './fixtures/app-faults.ts'

/** What the exercise finds, and what the validator saw meanwhile. */
async function failures(make: MakeApplication, id: string): Promise<Failure[]> {
  let folder = ''
  // By themselves: what an exercise stands on may be broken by the fault as well, and a failed case is not the last.
  const [exercise, validated] = ['validated', id]
    .map((one) => EXERCISES.find((candidate) => candidate.id === one))
    .toReversed()
    .map((one) => ({ ...(one as (typeof EXERCISES)[number]), level: 3, deadline: 3_000 }) as const)
  if (exercise === undefined || validated === undefined) throw new Error(`no exercise is called ${id}`)
  const found: Failure[] = []
  const subject = frameworkSubject({
    name: 'planted',
    server: serverModule,
    app: (given) => exerciseApplication(make, { name: 'planted', folder: (folder ||= given) }),
  })
  const started = await subject.start({})
  const session = new Session(
    { ...subject, start: async () => ({ ...started, stop: async () => {} }) },
    [exercise, validated],
    exercisePath,
  )
  for (const one of [exercise, validated]) {
    const outcome = await session.outcome(one)
    if (outcome.kind === 'failed') found.push(outcome.failure)
  }
  await session.close()
  await started.stop()
  return found
}

/** @param faults some of APP_FAULTS; each is found, and nothing is where it is not planted */
export function describePlanted(faults: typeof APP_FAULTS): void {
  describe('a fault planted in an application is found, with its clause', () => {
    for (const { what, exercise, clause, make } of faults) {
      test(`${what}: ${exercise}`, async () => {
        expect((await failures(make, exercise)).map((failure) => failure.clause)).toContain(clause)
      })
    }
  })

  describe('where nothing is planted nothing is found', () => {
    for (const exercise of new Set(faults.map((fault) => fault.exercise))) {
      test(exercise, async () => {
        expect(await failures(raw, exercise)).toEqual([])
      })
    }
  })
}
