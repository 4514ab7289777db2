/** How workers, ends and times are put in the log. */
import type { WorkerRecord } from './worker-record.ts'

export function nameOf({ id, pid }: WorkerRecord): string {
  return pid === null ? `worker ${id}` : `worker ${id} (pid ${pid})`
}

export function exitReason(code: number | null, signal: string | null): string {
  return signal === null ? `exited with code ${code}` : `was ended by ${signal}`
}

export function inSeconds(milliseconds: number): string {
  return `${Number((milliseconds / 1000).toFixed(milliseconds < 1_000 ? 2 : 1))} s`
}
