/** What a run will do, from what was asked for. */
import { InputError } from '../input-error.ts'
import { LEAST_ROUNDS } from '../statistics/summary.ts'
import { installedServers } from '../subjects/installed-servers.ts'
import { APPS, SERVERS, subjectsOf } from '../subjects/subjects.ts'
import type { Subject } from '../subjects/subject.ts'
import type { Workload } from '../workloads/workload.ts'
import { WORKLOADS, workloadOf } from '../workloads/workloads.ts'
import type { Method } from './bench.ts'

export interface BenchOptions {
  /** Names of built-in applications, `all`, or `file[:export]`. Default: `hono` and `express`; with `full`, all. */
  readonly apps?: readonly string[] | undefined
  /** Names, `all`, or modules that export a server. Default: `event-loop` and `own`; with `full`, `srvx` and `nginx` too. */
  readonly servers?: readonly string[] | undefined
  /** Names, `all`, or `/path` for applications of one's own. Default: `plaintext`, or `/`; with `full`, all. */
  readonly workloads?: readonly string[] | undefined
  /** At least 5. Default 5; with `full`, 9. */
  readonly rounds?: number | undefined
  /** Seconds for which each row of a round is loaded, at least 0.1. Default 1; with `full`, 3. */
  readonly duration?: number | undefined
  /** Default 64. */
  readonly connections?: number | undefined
  /** Names of the workloads that are paced as well, `all` or `none`. Default all that are measured. */
  readonly latency?: readonly string[] | undefined
  /** As long as figures to cite need, instead of a first answer in under three minutes. */
  readonly full?: boolean | undefined
  /** Rows with fast `Request` and `Response` besides, for fetch applications; they are marked as tuned. */
  readonly fastGlobals?: boolean | undefined
  /** For the order of pairings and the inputs of requests. Default: drawn. */
  readonly seed?: number | undefined
  /** What relative paths are seen from. Default: the current folder. */
  readonly cwd?: string | undefined
  /** The command as it was typed, for the report. */
  readonly command?: string | undefined
  /** Ends the run early; rounds that are finished are kept. */
  readonly signal?: AbortSignal | undefined
}

export interface Plan {
  readonly mode: 'indicative' | 'full'
  readonly rows: readonly PlannedRow[]
  readonly workloads: readonly Workload[]
  /** Those that are paced. */
  readonly paced: ReadonlySet<Workload>
  readonly rounds: number
  readonly method: Omit<Method, 'wrk'>
  readonly seed: number
  readonly cwd: string
  /** Milliseconds after which no further round is begun; `null` where the user said how many there shall be. */
  readonly budget: number | null
}

export interface PlannedRow {
  readonly id: string
  readonly subject: Subject
  readonly workload: Workload
  readonly twinOf: string | null
}

/** Milliseconds, of a run that is not full. */
const PACE_DURATION = 500
/** Two turns. */
const LEAST_DURATION = 0.1

/** So that a run without arguments ends in under three minutes. */
const BUDGET = 165_000

/** @throws InputError for what cannot be measured */
export function plan(options: BenchOptions): Plan {
  const full = options.full === true
  const cwd = options.cwd ?? process.cwd()
  const apps = named(options.apps, full ? APPS : ['hono', 'express'], APPS)
  const usualServers = ['event-loop', 'own', ...(full ? ['srvx', 'nginx', 'floor'] : [])]
  const servers = named(options.servers, usualServers, [...SERVERS, ...installedServers(cwd)])
  const ownApps = apps.some((app) => !APPS.includes(app))
  const builtInApps = apps.some((app) => APPS.includes(app))
  const known = WORKLOADS.map(({ name }) => name)
  const usual = full ? known : ['plaintext']
  const defaults = [...(builtInApps ? usual : []), ...(ownApps ? ['/'] : [])]
  const workloads = named(options.workloads, defaults, known).map(workloadNamed)
  const rounds = wholeNumber('rounds', options.rounds ?? (full ? 9 : LEAST_ROUNDS), LEAST_ROUNDS)
  const duration = seconds(options.duration ?? (full ? 3 : 1))
  const connections = wholeNumber('connections', options.connections ?? 64, 1)

  const subjects = subjectsOf({ servers, apps, fastGlobals: options.fastGlobals === true, cwd })
  const rows = workloads.flatMap((workload) => rowsOf(workload, subjects))
  if (rows.length === 0) {
    throw new InputError(
      `none of the chosen pairings has the workloads ${workloads.map(({ name }) => name).join(', ')}; ` +
        'an app of your own is measured by its paths, such as --workloads /',
    )
  }
  const latency = named(options.latency, ['all'], ['all'])
  const paced = new Set(workloads.filter(({ name }) => latency.includes('all') || latency.includes(name)))
  for (const name of latency) {
    if (name !== 'all' && name !== 'none' && !workloads.some((workload) => workload.name === name)) {
      throw new InputError(`--latency: expected workloads of this run, all or none; came ${name}`)
    }
  }
  const asked = options.rounds !== undefined || options.apps !== undefined || options.workloads !== undefined
  return {
    mode: full ? 'full' : 'indicative',
    rows,
    workloads,
    paced,
    rounds,
    method: {
      connections,
      duration,
      warmWindow: full ? 500 : 250,
      warmWindows: full ? 16 : 6,
      paceDuration: full ? duration * 1000 : PACE_DURATION,
      idleConnections: full ? 5000 : 1000,
      idleDuration: full ? 2000 : 250,
    },
    seed: options.seed ?? Math.floor(Math.random() * 2 ** 31),
    cwd,
    budget: full || asked ? null : BUDGET,
  }
}

/** A row for each pairing that has the workload, and a second copy of the first to tell the noise. */
function rowsOf(workload: Workload, subjects: readonly Subject[]): PlannedRow[] {
  const rows = subjects
    .filter((subject) => subject.can(workload))
    .map((subject) => ({ id: idOf(subject, workload), subject, workload, twinOf: null }))
  const [first] = rows
  return first === undefined ? [] : [...rows, { ...first, id: `${first.id} again`, twinOf: first.id }]
}

const idOf = ({ server, app, tuned }: Subject, { name }: Workload): string =>
  `${server} × ${app}${tuned ? ' (tuned)' : ''} × ${name}`

function named(given: readonly string[] | undefined, usual: readonly string[], all: readonly string[]): string[] {
  if (given === undefined || given.length === 0) return [...usual]
  return [...new Set(given.flatMap((name) => (name === 'all' ? all : [name])))]
}

function workloadNamed(name: string): Workload {
  const workload = workloadOf(name)
  if (workload !== undefined) return workload
  const names = WORKLOADS.map((known) => known.name).join(', ')
  throw new InputError(`expected a workload: ${names}, or a path such as /; came ${name}`)
}

function seconds(value: number): number {
  if (Number.isFinite(value) && value >= LEAST_DURATION) return value
  throw new InputError(`--duration: expected seconds, ${LEAST_DURATION} or more; came ${value}`)
}

function wholeNumber(name: string, value: number, least: number): number {
  if (Number.isSafeInteger(value) && value >= least) return value
  const why = name === 'rounds' ? ': fewer have no interval worth the name' : ''
  throw new InputError(`--${name}: expected a whole number, ${least} or more${why}; came ${value}`)
}
