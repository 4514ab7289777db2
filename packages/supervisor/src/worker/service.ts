/** What a worker's program provides, and what it is provided with. */
import type net from 'node:net'
import type { Awaitable } from '@tsgi/spec'
import type { AccessRecord, CloseResult, Json, ListenTarget, Logger, Metric, ServerStats } from '@tsgi/spec/server'
import type { ImportModule } from './load-application.ts'

export interface WorkerService {
  /** For the listeners that are made for it. */
  readonly acceptOptions: net.ServerOpts
  /** Takes the connections of a listener, which has just begun to listen. `target` is one of {@link WorkerHost.listen}. */
  attach(listener: net.Server, target: ListenTarget): void
  stats(): ServerStats
  /** Whether requests should be sent to it. Absent: they should. */
  ready?(): Promise<boolean>
  /** The server will stop soon: from now on it is not ready. */
  announceStop?(): void
  /** What it counted, where it was asked to. */
  metrics?(): readonly Metric[]
  /** Finishes what is in flight. Nothing is accepted any more. A second call can only hurry the first. */
  drain(options: { readonly graceful: number; readonly idleGrace: number }): Promise<CloseResult>
  /**
   * Answers a request that no client sent and the application does not see, so that the engine compiles what a first request needs.
   * Only where processes are started all the time.
   */
  rehearse?(): Promise<void>
  /** Other settings, as in {@link WorkerHost.settings}, for connections from now on. */
  renew?(settings: Json): Promise<void>
  /** After the last response. */
  shutdown?(): Awaitable<void>
}

export interface WorkerHost {
  readonly settings: Json
  /** What the server was asked to listen on. */
  readonly listen: readonly ListenTarget[]
  readonly worker: number
  readonly slot: number
  readonly generation: number
  readonly log: Logger
  readonly importModule: ImportModule
  /** Absent where nobody wants the records. */
  readonly access: ((record: AccessRecord) => void) | undefined
  /** Whether to count for {@link WorkerService.metrics}. */
  readonly metrics: boolean
  /** It has its one connection: closes the listening sockets in this same tick. */
  taken(): void
  /** Its work is done: drains, with so many milliseconds for what is left, and exits. */
  finish(graceful: number): void
}

/**
 * Loads what is to be served, and runs its startup.
 *
 * @throws ServeError `TSGI_ERR_APP_LOAD` or `TSGI_ERR_STARTUP`
 */
export type WorkerProgram = (host: WorkerHost) => Awaitable<WorkerService>
