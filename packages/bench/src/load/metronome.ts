/** The thread of {@link startMetronome}: sleeps until the next beat, wakes the other one, and so on until it is stopped. */
import { parentPort, workerData } from 'node:worker_threads'
import type { Beats } from './start-metronome.ts'

const { startedAt, interval, stop } = workerData as Beats
const now = (): number => Number(process.hrtime.bigint()) / 1e6

for (let beat = 0; Atomics.load(stop, 0) === 0; beat++) {
  const wait = startedAt + beat * interval - now()
  // A beat that is late already is not made up for: one message wakes for all that is due.
  if (wait > 0) Atomics.wait(stop, 0, 0, wait)
  else beat = Math.floor((now() - startedAt) / interval)
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window's
  parentPort?.postMessage(null)
}
