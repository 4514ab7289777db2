import { isPromise, type Application } from '@tsgi/spec'
import type { ModuleReference } from '@tsgi/spec/server'
import { adapt } from './adapt.ts'
import {
  exportsOf,
  noApplication,
  noSuchExport,
  recogniseByName,
  TELLING_EXPORTS,
  unknownKind,
  USUAL_EXPORTS,
  type Candidate,
} from './exports.ts'
import { isForeign } from './foreign.ts'
import { threw } from './import-failure.ts'
import { importModule, type Exports } from './import-module.ts'
import type { Kind } from './kind.ts'
import { captureListening, type CapturedServers, type CaptureOptions, type ListenCapture } from './listen-capture.ts'
import { LoadError } from './load-error.ts'
import { recognise, recogniseAs, saysItsKind } from './recognise.ts'
import { formatModule, parseReference } from './reference.ts'

export interface LoadOptions {
  /** What the export is, whatever it looks like. */
  readonly as?: Kind | undefined
  /** Whether the export makes the application when called. A reference with `config` implies it. */
  readonly factory?: boolean | undefined
  /** What relative paths and package names are seen from. Default: the current folder. */
  readonly cwd?: string | undefined
  /**
   * Keeps the HTTP server that is the application from listening, so that it can be served instead; the module's other servers
   * listen. This concerns the whole process, from now on. Absent, nothing is kept; the entry, which has its process to itself,
   * does so.
   */
  readonly captureListening?: CaptureOptions | undefined
}

/** An application and how it was found. */
export interface Found {
  readonly application: Application
  readonly kind: Kind
  /** What it was taken for, for a sentence: "an object with fetch". */
  readonly what: string
  /** Name of the export; `null` where the module exports none, but would have listened by itself. */
  readonly export: string | null
  /** Whether only its shape said so, and neither a flag nor a property. */
  readonly guessed: boolean
  /** HTTP servers of the module that listen by themselves, for a sentence: "on port 9100". */
  readonly alsoListening: () => readonly string[]
}

/**
 * The application that a reference, or `file[:export]`, leads to.
 *
 * @throws LoadError when there is none
 * @example const application = await load('site/app.ts')
 */
export async function load(reference: ModuleReference | string, options: LoadOptions = {}): Promise<Application> {
  return (await find(reference, options)).application
}

/**
 * As {@link load}, and says what was found.
 *
 * @throws LoadError when there is none
 */
export async function find(reference: ModuleReference | string, options: LoadOptions = {}): Promise<Found> {
  const cwd = options.cwd ?? process.cwd()
  const wanted = typeof reference === 'string' ? parseReference(reference, cwd) : reference
  const capture = options.captureListening === undefined ? null : captureListening(options.captureListening)
  try {
    return await findAmong(await importModule(wanted.module, cwd), wanted, capture, { ...options, cwd })
  } catch (error) {
    capture?.abandon()
    throw error
  }
}

async function findAmong(
  module: Exports,
  wanted: ModuleReference,
  capture: ListenCapture | null,
  { as, factory, cwd = '' }: LoadOptions,
): Promise<Found> {
  const file = formatModule(wanted.module, cwd)
  const exports = exportsOf(module)
  const makes = factory === true || wanted.config !== undefined
  const usual = makes ? USUAL_EXPORTS : [...USUAL_EXPORTS, ...TELLING_EXPORTS]
  const named = wanted.export === undefined ? usual : [wanted.export]
  const candidates = named.filter((name) => name in exports).map((name): Candidate => [name, exports[name]])
  if (candidates.length === 0 && wanted.export !== undefined) throw noSuchExport(file, wanted.export, exports)

  for (const [name, exported] of candidates) {
    if (makes && typeof exported !== 'function') continue
    const value = makes
      ? await make(exported as Factory, wanted, `${file}:${name}`, cwd)
      : await settled(exported, file, cwd)
    const byName = as !== undefined || saysItsKind(value) ? undefined : recogniseByName(name, value)
    if (byName === undefined && wanted.export === undefined && TELLING_EXPORTS.includes(name)) continue
    const known = byName ?? (as === undefined ? recognise(value) : recogniseAs(value, as))
    if (known.kind !== null) {
      const { kind, what } = known
      const adapted = await adapt(byName?.value ?? value, kind)
      const captured = capture?.settleFor(value) ?? NOTHING_CAPTURED
      const application = await withUpgrades(adapted, kind, captured.server)
      if (kind !== 'tsgi') endTogether(application, captured)
      const guessed = as === undefined && byName === undefined && !saysItsKind(value)
      return { application, kind, what, export: name, guessed, alsoListening: captured.others }
    }
    if (makes) throw unknownKind(`What ${file}:${name} makes`, known)
    if (wanted.export !== undefined) throw unknownKind(`${file}:${name}`, known)
  }
  const captured = makes ? undefined : await capture?.settle()
  if (captured?.server === undefined) throw noApplication(file, exports, makes, !makes && capture !== null)
  const application = await adapt(captured.server, 'node')
  endTogether(application, captured)
  const what = `the server that it would start ${captured.where}`
  return { application, kind: 'node', what, export: null, guessed: false, alsoListening: captured.others }
}

const NOTHING_CAPTURED: CapturedServers = { server: undefined, where: '', others: () => [], ended() {} }

/** WebSocket libraries are attached to the server that the module starts, not to the application that it exports. */
async function withUpgrades(
  application: Application,
  kind: Kind,
  server: CapturedServers['server'],
): Promise<Application> {
  if (server === undefined || kind === 'tsgi' || kind === 'wsgi') return application
  return (await import('@tsgi/adapter-node/from-node')).withUpgradesOf(server, application)
}

/** Servers that did as if they listened are closed when the serving ends. */
function endTogether(application: Application, captured: CapturedServers): void {
  if (captured.server === undefined) return
  const { shutdown } = application
  application.shutdown = async () => {
    await shutdown?.()
    captured.ended()
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error))

type Factory = (config?: unknown) => unknown

async function make(
  factory: Factory,
  { module, config }: ModuleReference,
  name: string,
  cwd: string,
): Promise<unknown> {
  try {
    return await (config === undefined ? factory() : factory(config))
  } catch (error) {
    if (isForeign(module)) throw new LoadError('TSGI_ERR_APP_UNREADABLE', messageOf(error).split('\n'), error)
    throw threw(error, `${name} (--factory)`, cwd)
  }
}

/** `module.exports = createApp()` may be a promise of the application. */
async function settled(exported: unknown, file: string, cwd: string): Promise<unknown> {
  if (!isPromise(exported)) return exported
  try {
    return await exported
  } catch (error) {
    throw threw(error, file, cwd)
  }
}
