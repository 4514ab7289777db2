import type { EntryConfig } from '@tsgi/loader/entry'
import type { Workload } from '../workloads/workload.ts'

/** How a subject is started. */
export type Start =
  | { readonly kind: 'tsgi'; readonly server: string; readonly entry: EntryConfig }
  | { readonly kind: 'peer'; readonly module: string; readonly config: PeerConfig | null }
  | { readonly kind: 'nginx' }
  | ProgramStart

/** A server that is a program of its own. */
export interface ProgramStart {
  readonly kind: 'program'
  /** `{port}` stands for the port. */
  readonly command: readonly string[]
  readonly cwd: string
  /** Variables that are added to those of this process. */
  readonly env?: { readonly [name: string]: string }
}

/** For the peer that runs an application of the user's. */
export type PeerConfig = { readonly app: { readonly module: string; readonly export?: string }; readonly cwd: string }

/** A server with an application: what is measured. */
export interface Subject {
  readonly server: string
  readonly app: string
  /** For people: `hono on event-loop`, `@hono/node-server`. */
  readonly label: string
  readonly start: Start
  /** Whether options were used that its documentation does not begin with; such rows are marked. */
  readonly tuned: boolean
  /** Whether this is the way the application is run without TSGI: what the others are compared with. */
  readonly baseline: boolean
  can(workload: Workload): boolean
}
