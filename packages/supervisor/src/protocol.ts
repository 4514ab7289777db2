/**
 * What a supervisor and its workers tell each other, as JSON over the child's channel.
 *
 *   worker                      supervisor
 *     ← init                      at once: what to load and how to behave
 *     loaded | failed →           the application is loaded and its startup ran
 *     ← accept                    listen now (a new generation is let in all together)
 *     accepting →                 the listening sockets are open
 *     taken →                     only where a process serves one connection: it has it
 *     beat →                      from the main loop, at a steady pace
 *     ← cover, uncover            accept from another slot's queue as well; no longer
 *     leaving →                   in doubt of itself (an uncaught error), or told by a signal
 *     ← drain                     stop accepting, finish, exit
 *     closed →                    its listening sockets are closed: it takes no connection from now on
 *     code →                      only if asked for: its program as the engine compiled it, for others
 *     drained →                   the last words before exit
 */
import type { AccessRecord, Json, ListenTarget, LogLevel, ServeErrorCode } from '@tsgi/spec/server'

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
  /** The inherited sockets, and what they were asked to be. */
  readonly inherited: readonly { readonly fd: number; readonly target: ListenTarget }[]
  readonly backlog: number
  /** Milliseconds between two beats. */
  readonly beat: number
  /** Whether the worker must watch for the supervisor's death itself, because the system will not end it. */
  readonly watchdog: boolean
  /** Whether access records are wanted. */
  readonly access: boolean
  /** Whether it should tell, once it has served, what the engine compiled of its program. */
  readonly wantsCode: boolean
}

/** An error as it crosses. */
export interface ErrorText {
  readonly message: string
  readonly stack: string
}

export type ToWorker =
  | { readonly type: 'init'; readonly init: WorkerInit }
  | { readonly type: 'accept' }
  /** A socket comes with it. */
  | { readonly type: 'cover'; readonly slot: number }
  | { readonly type: 'uncover'; readonly slot: number }
  /** Milliseconds: for responses in flight, and for idle connections. */
  | { readonly type: 'drain'; readonly graceful: number; readonly idleGrace: number }
  | { readonly type: 'report' }

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
  /** In base 64. */
  | { readonly type: 'code'; readonly code: string }
  | { readonly type: 'access'; readonly records: readonly AccessRecord[]; readonly dropped: number }

export interface WorkerLogFields {
  readonly [name: string]: unknown
  readonly error?: ErrorText | string
}

const TYPES: ReadonlySet<string> = new Set<FromWorker['type']>([
  'loaded',
  'failed',
  'accepting',
  'taken',
  'beat',
  'leaving',
  'closed',
  'drained',
  'log',
  'access',
  'code',
])

/**
 * A message as it came from the channel, if it is one of ours. The child is our own program, so its kind is checked and not
 * each field; what an application sends through `process.send` is told apart by its mark.
 */
export function fromWorker(message: unknown): FromWorker | null {
  if (typeof message !== 'object' || message === null || !('tsgi' in message)) return null
  const content = message.tsgi
  if (typeof content !== 'object' || content === null || !('type' in content)) return null
  return typeof content.type === 'string' && TYPES.has(content.type) ? (content as FromWorker) : null
}

/** As it goes over the channel. */
export function envelope<T extends ToWorker | FromWorker>(message: T): { readonly tsgi: T } {
  return { tsgi: message }
}

/** The counterpart of {@link fromWorker} in the child. */
export function toWorker(message: unknown): ToWorker | null {
  if (typeof message !== 'object' || message === null || !('tsgi' in message)) return null
  return message.tsgi as ToWorker
}
