/**
 * What servers are given: an exercise application, mounted at the root and below `/mounted`, with the validator between
 * it and the server. A module with `config`, so that it reaches worker processes.
 */
import { FINDINGS, observer } from '@tsgi/conformance/observe'
import { type Application, withLifespan } from '@tsgi/spec'
import { validate } from '@tsgi/validator'
import type { MakeApplication } from '../apps/material.ts'

export interface ExerciseConfig {
  /** File in `apps/`, without its ending. */
  readonly app: string
  /** Where observations go. */
  readonly folder: string
}

const PREFIX = '/mounted'

export default async function exercise({ app, folder }: ExerciseConfig): Promise<Application> {
  const { default: make } = (await import(`../apps/${app}.ts`)) as { readonly default: MakeApplication }
  return mounted(make, app, folder)
}

/** @param name for the validator's messages */
export function mounted(make: MakeApplication, name: string, folder: string): Application {
  const note = observer(folder, FINDINGS)
  const application = make((key, event) => observer(folder, key)(event))
  const validated = validate(application, {
    inner: name,
    report: (finding) => note('finding', { clause: finding.clause, text: finding.toString() }),
  })
  const root: Application = (environ, startResponse) => {
    const { pathInfo, scriptName } = environ
    if (!pathInfo.startsWith(`${PREFIX}/`)) return validated(environ, startResponse)
    const below = { ...environ, scriptName: scriptName + PREFIX, pathInfo: pathInfo.slice(PREFIX.length) }
    return validated(below, startResponse)
  }
  return withLifespan(root, validated)
}
