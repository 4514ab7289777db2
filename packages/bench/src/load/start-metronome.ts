import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'

/** What the thread is told. Times in milliseconds of the system's monotonic clock, which threads share. */
export interface Beats {
  readonly startedAt: number
  readonly interval: number
  readonly stop: Int32Array<SharedArrayBuffer>
}

/**
 * Calls `beat` every `interval` milliseconds, fractions as well. The event loop's own timers count whole milliseconds, which
 * would be most of the latency that is to be measured; a thread that sleeps in a futex is exact to some ten microseconds,
 * and leaves the loop to wait for sockets.
 *
 * @returns ends it
 */
export async function startMetronome(interval: number, beat: () => void): Promise<() => Promise<void>> {
  const stop = new Int32Array(new SharedArrayBuffer(4))
  const workerData: Beats = {
    startedAt: Number(process.hrtime.bigint()) / 1e6,
    interval,
    stop,
  }
  const ending = import.meta.url.endsWith('.ts') ? '.ts' : '.js'
  const worker = new Worker(fileURLToPath(new URL(`metronome${ending}`, import.meta.url)), { workerData })
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
  await new Promise<void>((resolve, reject) => worker.once('message', () => resolve()).once('error', reject))
  worker.on('message', beat)
  return async () => {
    worker.off('message', beat)
    Atomics.store(stop, 0, 1)
    Atomics.notify(stop, 0)
    await ended
  }
}
