/** What `tsgi conform <file|URL>` runs. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { ServerModule } from '@tsgi/spec/server'
import type { Behaviour, Capability } from './behaviour.ts'
import type { Outcome } from './outcome.ts'
import { SERVER_BEHAVIOURS } from './server-behaviours.ts'
import { Session } from './session.ts'
import { addressSubject, serverSubject, type Subject } from './subject.ts'

export interface ConformOptions {
  /** Ids, or beginnings of ids, of behaviours; those they stand on are run too. Default: all. */
  readonly only?: readonly string[] | undefined
  /** What the server claims to do. Default: everything. */
  readonly capabilities?: readonly Capability[] | undefined
  /** Multiplies the deadlines of cases. Default 1. */
  readonly patience?: number | undefined
  /** Called after each behaviour: progress. */
  readonly progress?: ((outcome: Outcome, done: number, total: number) => void) | undefined
}

export interface Conformance {
  readonly subject: Pick<Subject, 'name' | 'argument'>
  readonly outcomes: readonly Outcome[]
  /** Nothing failed and nothing is blocked. */
  readonly conforms: boolean
}

/** A target or a choice that cannot be run; the message says what to do. */
export class ConformError extends Error {
  override name = 'ConformError'
}

/**
 * Runs the behaviours of servers against an HTTP/1.1 server by its address, or a server module: a file or a package
 * whose export `serverModule` (or default) has `name`, `inProcess` and `serve`.
 *
 * @throws ConformError where the target is neither, or `only` matches nothing
 */
export async function conform(target: string | ServerModule, options: ConformOptions = {}): Promise<Conformance> {
  const behaviours = selectBehaviours(options.only)
  const folder = await mkdtemp(join(tmpdir(), 'tsgi-conform-'))
  const subject = typeof target === 'string' ? await subjectOf(target, folder, options) : serverSubject(target, options)
  const session = new Session(subject, SERVER_BEHAVIOURS)
  const outcomes: Outcome[] = []
  try {
    for (const behaviour of behaviours) {
      const outcome = await session.outcome(behaviour)
      outcomes.push(outcome)
      options.progress?.(outcome, outcomes.length, behaviours.length)
    }
  } finally {
    await session.close()
    await rm(folder, { recursive: true, force: true })
  }
  const conforms = outcomes.every(({ kind }) => kind === 'passed' || kind === 'inapplicable')
  return { subject: { name: subject.name, argument: subject.argument }, outcomes, conforms }
}

/**
 * Behaviours of these names; a name that is no id stands for all ids that begin with it.
 *
 * @throws ConformError where a name matches nothing
 */
export function selectBehaviours(only: readonly string[] | undefined): readonly Behaviour[] {
  if (only === undefined || only.length === 0) return SERVER_BEHAVIOURS
  const chosen = new Set<Behaviour>()
  for (const name of only) {
    const exact = SERVER_BEHAVIOURS.filter(({ id }) => id === name)
    const those = exact.length > 0 ? exact : SERVER_BEHAVIOURS.filter(({ id }) => id.startsWith(name))
    if (those.length === 0) throw new ConformError(`no behaviour is called "${name}". tsgi conform --list shows all.`)
    for (const behaviour of those) chosen.add(behaviour)
  }
  return SERVER_BEHAVIOURS.filter((behaviour) => chosen.has(behaviour))
}

async function subjectOf(target: string, folder: string, options: ConformOptions): Promise<Subject> {
  if (/^https?:\/\//.test(target)) {
    const url = new URL(target)
    if (url.protocol !== 'http:') throw new ConformError(`expected an http: URL, got ${target}. TLS is not tested yet.`)
    return await addressSubject(url, folder)
  }
  const specifier = /^[./]|\.[cm]?[jt]s$/.test(target) ? pathToFileURL(resolve(target)).href : target
  let exports: Readonly<Record<string, unknown>>
  try {
    exports = (await import(specifier)) as Readonly<Record<string, unknown>>
  } catch (error) {
    throw new ConformError(
      `cannot load ${target}: ${error instanceof Error ? error.message : String(error)}. Give a file, a package or http://host:port/.`,
    )
  }
  const found = [exports['serverModule'], exports['default']].find(isServerModule)
  if (found === undefined) {
    const names = Object.keys(exports).join(', ') || 'nothing'
    throw new ConformError(
      `${target} exports no server module: expected \`serverModule\` with name, inProcess and serve, got ${names}.`,
    )
  }
  return serverSubject(found, { ...options, argument: target })
}

const isServerModule = (value: unknown): value is ServerModule =>
  typeof value === 'object' &&
  value !== null &&
  'serve' in value &&
  typeof value.serve === 'function' &&
  'name' in value
