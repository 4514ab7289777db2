/** What `tsgi conform <file|URL>` runs. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { ServerModule } from '@tsgi/spec/server'
import type { Behaviour, Capability, Level } from './behaviour.ts'
import { ConformError } from './conform-error.ts'
import { hostedServer, UnusableModuleError } from './hosting/hosted-server.ts'
import type { Outcome } from './outcome.ts'
import { SERVER_BEHAVIOURS } from './server-behaviours.ts'
import { Session } from './session.ts'
import { addressSubject, type JudgedSubject, serverSubject, type Subject } from './subject.ts'

export interface ConformOptions {
  /** Ids, or beginnings of ids, of behaviours; those they stand on are run too. Default: all. */
  readonly only?: readonly string[] | undefined
  /** Only behaviours of this level and those below. Default: all. */
  readonly level?: Level | undefined
  /** What stands for the target in the command that runs a case again. Default: the target. */
  readonly argument?: string | undefined
  /** Options of the server's own kind, such as `{ workers: 2 }`. */
  readonly options?: Readonly<Record<string, unknown>> | undefined
  /** Ends the run after the case that is being judged; what was judged until then is the result. */
  readonly signal?: AbortSignal | undefined
  /** What the server claims to do. Default: everything. */
  readonly capabilities?: readonly Capability[] | undefined
  /** What cannot hold of a server module, by the behaviour's id, and why. */
  readonly cannot?: Readonly<Record<string, string>> | undefined
  /** Multiplies the deadlines of cases. Default 1. */
  readonly patience?: number | undefined
  /** Asks a server module over HTTP/2; see `SubjectOptions`. */
  readonly http2?: boolean | undefined
  /** Called after each behaviour: progress. */
  readonly progress?: ((outcome: Outcome, done: number, total: number) => void) | undefined
}

export interface Conformance {
  readonly subject: JudgedSubject
  readonly outcomes: readonly Outcome[]
  /** Nothing failed and nothing is blocked; what a server by its address does not owe is no failure. */
  readonly conforms: boolean
  /** How many behaviours were to be judged: more than there are outcomes where the run was ended early. */
  readonly chosen: number
}

/**
 * Runs the behaviours of servers against an HTTP/1.1 server by its address, or a server module: a file or a package
 * whose export `serverModule` (or default) has `name`, `inProcess` and `serve`. A module that is named runs in a process
 * of its own, so that it may hang or end its process; one that is handed over runs in this process.
 *
 * @throws ConformError where the target is neither, where no server listens at the address, or `only` matches nothing
 */
export async function conform(target: string | ServerModule, options: ConformOptions = {}): Promise<Conformance> {
  const behaviours = selectBehaviours(options.only, options.level)
  const folder = await mkdtemp(join(tmpdir(), 'tsgi-conform-'))
  try {
    const subject =
      typeof target === 'string' ? await subjectOf(target, folder, options) : serverSubject(target, options)
    return await judge(subject, behaviours, options)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function judge(
  subject: Subject,
  behaviours: readonly Behaviour[],
  { signal, progress }: ConformOptions,
): Promise<Conformance> {
  const session = new Session(subject, SERVER_BEHAVIOURS)
  const outcomes: Outcome[] = []
  try {
    for (const behaviour of behaviours) {
      if (signal?.aborted === true) break
      const outcome = await session.outcome(behaviour)
      outcomes.push(outcome)
      progress?.(outcome, outcomes.length, behaviours.length)
    }
  } finally {
    await session.close()
  }
  const conforms = outcomes.every(({ kind }) => kind !== 'failed' && kind !== 'blocked')
  return {
    subject: { name: subject.name, argument: subject.argument, binding: subject.binding },
    outcomes,
    conforms: conforms && outcomes.length === behaviours.length,
    chosen: behaviours.length,
  }
}

/**
 * Behaviours of these names; a name that is no id stands for all ids that begin with it.
 *
 * @throws ConformError where a name matches nothing
 */
export function selectBehaviours(
  only?: readonly string[] | undefined,
  level?: Level | undefined,
): readonly Behaviour[] {
  const those = chosenByName(only)
  return level === undefined ? those : those.filter((behaviour) => behaviour.level <= level)
}

function chosenByName(only: readonly string[] | undefined): readonly Behaviour[] {
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
  const url = target.startsWith('file:')
    ? target
    : /^[./]|\.[cm]?[jt]s$/.test(target)
      ? pathToFileURL(resolve(target)).href
      : import.meta.resolve(target)
  let server: ServerModule
  try {
    server = await hostedServer(url)
  } catch (error) {
    if (!(error instanceof UnusableModuleError)) throw error
    throw new ConformError(`${options.argument ?? target} ${error.message}`)
  }
  return serverSubject(server, { ...options, argument: options.argument ?? target })
}
