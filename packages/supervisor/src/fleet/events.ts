/** What happens to a fleet, and what it wants done about it. */
import type { LogLevel } from '@tsgi/spec/server'
import type { CoverOrder, Failure, FromWorker, ToWorker } from '../channel/messages.ts'

export type Event =
  | { readonly type: 'start' }
  /** Time has passed; nothing else happened. */
  | { readonly type: 'tick' }
  | { readonly type: 'spawned'; readonly worker: number; readonly pid: number }
  | { readonly type: 'spawn-failed'; readonly worker: number; readonly reason: string }
  | { readonly type: 'said'; readonly worker: number; readonly message: FromWorker }
  /** It wrote to its channel what no worker of ours writes. */
  | { readonly type: 'broke-protocol'; readonly worker: number; readonly reason: string }
  | { readonly type: 'exited'; readonly worker: number; readonly code: number | null; readonly signal: string | null }
  | { readonly type: 'reload'; readonly ticket: number }
  | { readonly type: 'scale'; readonly to: number }
  | { readonly type: 'stop'; readonly graceful?: number | undefined }

export type Effect =
  | { readonly type: 'spawn'; readonly worker: number; readonly slot: number; readonly generation: number }
  | { readonly type: 'tell'; readonly worker: number; readonly message: ToWorker | CoverOrder }
  /** With SIGINT, which makes a worker that hangs say where it is. */
  | { readonly type: 'interrogate'; readonly worker: number }
  /** With SIGKILL: whoever can still be talked to is told. */
  | { readonly type: 'kill'; readonly worker: number }
  | { readonly type: 'log'; readonly level: LogLevel; readonly message: string; readonly fields: LogFields }
  /** The first generation accepts connections. */
  | { readonly type: 'started' }
  | { readonly type: 'reloaded'; readonly tickets: readonly number[]; readonly failure: Failure | null }
  /** Nobody is left. `failure` says why it never started. */
  | { readonly type: 'ended'; readonly cutOff: number; readonly failure: Failure | null }

export type LogFields = { readonly [name: string]: string | number }
