/** What servers are given: an exercise application, as a module with `config`, so that it reaches worker processes. */
import { exerciseApplication, type MakeApplication } from '@tsgi/conformance/exercise-application'
import type { Application } from '@tsgi/spec'
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

/** @throws TypeError where the module does not export a function by default */
export default async function exercise({ name, application, project, folder }: ExerciseConfig): Promise<Application> {
  resolveFromProject(project)
  const { default: make } = (await import(application)) as { readonly default?: unknown }
  if (typeof make !== 'function') {
    throw new TypeError(`${application}: expected a default export that makes an application, got ${typeof make}`)
  }
  return exerciseApplication(make as MakeApplication, { name, folder })
}
