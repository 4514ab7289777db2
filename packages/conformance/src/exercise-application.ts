/**
 * What the exercises are asked of: an application written in a framework, mounted at the root and below `/mounted`, with
 * the validator between it and the server.
 */
import { type Application, withLifespan } from '@tsgi/spec'
import { validate } from '@tsgi/validator'
import { FINDINGS } from './findings.ts'
import { observer } from './observations.ts'

/** Notes, for the exercises, what happened to the request with this key. */
export interface ExerciseObserver {
  (key: string, event: string): void
}

/** Makes an application with the routes of `EXERCISE_ROUTES`. */
export interface MakeApplication {
  (observe: ExerciseObserver): Application
}

export interface ExerciseOptions {
  /** Of the framework, for the validator's messages. */
  readonly name: string
  /** Where observations go; given by the kit. */
  readonly folder: string
}

export const MOUNT = '/mounted'

export function exerciseApplication(make: MakeApplication, { name, folder }: ExerciseOptions): Application {
  const note = observer(folder, FINDINGS)
  const validated = validate(
    make((key, event) => observer(folder, key)(event)),
    {
      inner: name,
      report: (finding) => note('finding', { clause: finding.clause, text: finding.toString() }),
    },
  )
  const root: Application = (environ, startResponse) => {
    const { pathInfo, scriptName } = environ
    if (!pathInfo.startsWith(`${MOUNT}/`)) return validated(environ, startResponse)
    const below = { ...environ, scriptName: scriptName + MOUNT, pathInfo: pathInfo.slice(MOUNT.length) }
    return validated(below, startResponse)
  }
  return withLifespan(root, validated)
}
