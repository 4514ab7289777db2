/** References to applications in other languages, which @tsgi/bridge runs. */
import { resolve } from 'node:path'
import type { ModuleReference } from '@tsgi/spec/server'

interface ForeignLanguage {
  /** Makes an application of `{ app, cwd, … }`. */
  readonly module: string
  /** What stands before a colon: `python:myproject.wsgi:application`. */
  readonly prefix: string
  /** The name of a file, and what follows its colon. */
  readonly file: RegExp
}

const LANGUAGES: readonly ForeignLanguage[] = [
  { module: '@tsgi/bridge/python', prefix: 'python:', file: /^([^:]+\.py)(:.+)?$/ },
  { module: '@tsgi/bridge/rack', prefix: 'rack:', file: /^([^:]+\.ru)$/ },
  { module: '@tsgi/bridge/servlet', prefix: 'java:', file: /^([^:]+\.war)$/ },
]

/** What a foreign reference holds; options of @tsgi/bridge may be added. */
export type ForeignConfig = {
  /** As the other language names it. */
  readonly app: string
  readonly cwd: string
}

export interface ForeignReference extends ModuleReference {
  readonly module: string
  readonly config: ForeignConfig
}

/** The reference that a text leads to, where it names an application in another language. */
export function foreignReference(text: string, cwd: string): ForeignReference | null {
  for (const { module, prefix, file } of LANGUAGES) {
    const app = text.startsWith(prefix) ? text.slice(prefix.length) : text
    const [, path, name = ''] = file.exec(app) ?? []
    if (path !== undefined) return { module, config: { app: resolve(cwd, path) + name, cwd } }
    if (text.startsWith(prefix)) return { module, config: { app, cwd } }
  }
  return null
}

/** Whether a module of a reference is one that runs another language. */
export const isForeign = (module: string | URL): boolean => LANGUAGES.some((language) => language.module === module)
