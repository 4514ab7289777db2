/** A behaviour: what must hold, the clause that says so, and the check that shows it. */
import type { Awaitable, Body, Environ, StartResponse } from '@tsgi/spec'
import type { ServeOptions } from '@tsgi/spec/server'
import type { Case } from './case.ts'
import type { RfcClause, SpecClause } from './clause.ts'
import type { Force } from './force.ts'
import type { Observe } from './observations.ts'

/** 0 boots, 1 the interface, 2 HTTP, 3 faults. */
export type Level = 0 | 1 | 2 | 3

export const LEVELS: readonly string[] = ['boots', 'interface', 'HTTP', 'faults']

/** What a subject may do without, and then says so. */
export type Capability = 'early-hints' | 'trailers' | 'upgrade' | 'half-close' | 'draining' | 'http-1.0'

export const CAPABILITIES: readonly Capability[] = [
  'early-hints',
  'trailers',
  'upgrade',
  'half-close',
  'draining',
  'http-1.0',
]

/** The application of one behaviour. Stands beside its check, and runs in the server under test. */
export interface BehaviourApp {
  (environ: Environ, startResponse: StartResponse, observe: Observe): Awaitable<Body>
}

/** A clause of SPEC.md binds unless the behaviour says otherwise; how much a section of an RFC binds has to be said. */
export type Proof =
  | { readonly clause: SpecClause; readonly force?: Force | undefined }
  | { readonly clause: RfcClause; readonly force: Force }

export type Behaviour = Proof & BehaviourParts

export interface BehaviourParts {
  /** Stable; what `--only` takes. */
  readonly id: string
  /** A sentence that begins with a verb: `answers 400 to a second Host`. */
  readonly title: string
  readonly level: Level
  /** Absent: any HTTP server can be asked, whatever it serves. */
  readonly app?: BehaviourApp | undefined
  /** It has an application that shows more, and can be asked of any HTTP server as well. */
  readonly anywhere?: true | undefined
  /** Ids of behaviours without which this one cannot be judged, besides those of level 0. */
  readonly after?: readonly string[] | undefined
  readonly capability?: Capability | undefined
  /** Options that the server is started with for it; such a behaviour needs a server module. */
  readonly options?: Pick<ServeOptions, 'limits' | 'timeouts' | 'trustedProxies' | 'development'> | undefined
  /** `server`: it stops the server or counts its connections, so it is given one of its own. */
  readonly isolation?: 'server' | undefined
  /** Where it looks into the server's log or lifespan, which only a module shows. */
  readonly needs?: 'module' | undefined
  /** Milliseconds; default 5,000. */
  readonly deadline?: number | undefined
  /** What is usually wrong where it fails. */
  readonly hint?: string | undefined
  check(this: void, t: Case): Promise<void>
}
