/**
 * What a supervisor and its workers tell each other, as JSON, one message to a line, over pipes of their own: what a worker reports on
 * its descriptor 3, its orders on 4. On one pipe for both, to write to a worker that has just ended would be an error that
 * takes its last words along.
 * `cover` and `uncover` alone go over Node's channel, which can carry sockets (see `socket-courier.ts`).
 *
 *   worker                      supervisor
 *     ← init                      at once: what to load and how to behave
 *     code →                      only if asked for: its program as the engine compiled it, for others
 *     loaded | failed →           the application is loaded and its startup ran
 *     ← accept                    listen now (a new generation is let in all together)
 *     accepting →                 the listening sockets are open
 *     taken →                     only where a process serves one connection: it has it
 *     beat →                      from the main loop, at a steady pace
 *     metrics →                   only if asked for: when asked, now and then, and at the end
 *     ← stopping                  the server will stop soon: say so to what asks whether to send requests here
 *     ready →                     only if asked for: whether to send requests here
 *     ← cover, uncover            accept from another slot's queue as well; no longer
 *     leaving →                   in doubt of itself (an uncaught error), or told by a signal
 *     ← renew                     other settings, such as certificates
 *     ← drain                     stop accepting, finish, exit
 *     closed →                    its listening sockets are closed: it takes no connection from now on
 *     drained →                   the last words before exit
 */
import type { AccessRecord, Json, ListenTarget, LogLevel, Metric, ServeErrorCode } from '@tsgi/spec/server'

/** The descriptors of the channel, as the worker has them. */
export const REPORTS = 3
export const ORDERS = 4

/** What a worker counts about itself. Sizes in bytes. */
export interface Figures {
  readonly connections: number
  readonly active: number
  readonly requests: number
  readonly accepted: number
  readonly rss: number
}

export const NO_FIGURES: Figures = Object.freeze({ connections: 0, active: 0, requests: 0, accepted: 0, rss: 0 })

/** Why a worker could not start; it becomes a `ServeError` where somebody waits for the start. */
export interface Failure {
  readonly code: ServeErrorCode
  readonly message: string
  readonly stack?: string | undefined
}

export interface WorkerInit {
  /** Of the worker's own making: the service module's settings. */
  readonly settings: Json
  readonly worker: number
  readonly slot: number
  readonly generation: number
  /** What the server was asked to listen on. */
  readonly listen: readonly ListenTarget[]
  /** Descriptors of the inherited sockets, in the order of `listen`; none in a worker that is sent its sockets later. */
  readonly inherited: readonly number[]
  readonly backlog: number
  /** Milliseconds between two beats. */
  readonly beat: number
  /** Whether the worker must watch for the supervisor's death itself, because the system will not end it. */
  readonly watchdog: boolean
  /** Whether access records are wanted. */
  readonly access: boolean
  /** Whether metrics are wanted, and how this worker is called in those that are not added up. */
  readonly metrics: MetricsOrder | null
  /** Whether the server will stop soon. */
  readonly stopping: boolean
  /** Whether it should tell, before it has loaded, what the engine compiles of its program when it serves. */
  readonly wantsCode: boolean
}

export interface MetricsOrder {
  readonly worker: string
  /** Whether it lives long enough to watch its event loop. */
  readonly watches: boolean
}

/** An error as it crosses. */
export interface ErrorText {
  readonly message: string
  readonly stack: string
}

/** To accept from the queues of another slot as well, or no longer. */
export type CoverOrder =
  | { readonly type: 'cover'; readonly slot: number }
  | { readonly type: 'uncover'; readonly slot: number }

/** The same over Node's channel. A socket comes with `cover`; `target` is its place in {@link WorkerInit.listen}. */
export type SocketOrder =
  | { readonly type: 'cover'; readonly slot: number; readonly target: number }
  | { readonly type: 'uncover'; readonly slot: number }

export type ToWorker =
  | { readonly type: 'init'; readonly init: WorkerInit }
  | { readonly type: 'accept' }
  /** Milliseconds: for responses in flight, and for idle connections. */
  | { readonly type: 'drain'; readonly graceful: number; readonly idleGrace: number }
  | { readonly type: 'report' }
  /** In the place of the settings that it has. */
  | { readonly type: 'renew'; readonly settings: Json }
  | { readonly type: 'stopping' }
  /** Whether it is ready, now. */
  | { readonly type: 'probe' }
  /** Its metrics, now. */
  | { readonly type: 'measure' }

export type FromWorker =
  | { readonly type: 'loaded' }
  | { readonly type: 'failed'; readonly failure: Failure }
  | { readonly type: 'accepting' }
  | { readonly type: 'taken' }
  | { readonly type: 'beat'; readonly figures: Figures }
  | { readonly type: 'leaving'; readonly reason: string; readonly orderly: boolean }
  | { readonly type: 'closed' }
  | { readonly type: 'drained'; readonly cutOff: number; readonly figures: Figures }
  | { readonly type: 'log'; readonly level: LogLevel; readonly message: string; readonly fields: WorkerLogFields }
  | { readonly type: 'ready'; readonly ready: boolean }
  | { readonly type: 'metrics'; readonly metrics: readonly Metric[] }
  /** In base 64. */
  | { readonly type: 'code'; readonly code: string }
  | { readonly type: 'access'; readonly records: readonly AccessRecord[]; readonly dropped: number }

export interface WorkerLogFields {
  readonly [name: string]: string | number | boolean | null | ErrorText
  readonly error?: ErrorText | string
}
