/**
 * What servers are given: an exercise application, mounted at the root and below `/mounted`, with the validator between
 * it and the server. A module with `config`, so that it reaches worker processes.
 */
import { FINDINGS, observer } from '@tsgi/conformance/observe'
import { type Application, withLifespan } from '@tsgi/spec'
import { validate } from '@tsgi/validator'
import type { MakeApplication } from './applications/material.ts'
import { resolveFromProject } from './resolve-from-project.ts'

export type ExerciseConfig = {
  /** For the validator's messages. */
  readonly name: string
  /** URL of the module that makes the application. */
  readonly application: string
  /** URL of the folder from which it sees frameworks. */
  readonly project: string
  /** Where observations go. */
  readonly folder: string
}

const PREFIX = '/mounted'

/** @throws TypeError where the module does not export a function by default */
export default async function exercise({ name, application, project, folder }: ExerciseConfig): Promise<Application> {
  resolveFromProject(project)
  const { default: make } = (await import(application)) as { readonly default?: unknown }
  if (typeof make !== 'function') {
    throw new TypeError(`${application}: expected a default export that makes an application, got ${typeof make}`)
  }
  return mounted(make as MakeApplication, name, folder)
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
