/**
 * A thread that ends the process when its parent is gone, even while the main thread is in an endless loop. Only where the
 * system does not do it (see `orphan-guard.ts`).
 */
import { Worker } from 'node:worker_threads'

const PROGRAM = `
const { workerData } = require('node:worker_threads')
setInterval(() => { if (process.ppid !== workerData) process.kill(process.pid, 'SIGKILL') }, 500)
`

export function startWatchdog(parent: number): void {
  new Worker(PROGRAM, {
    eval: true,
    workerData: parent,
    name: 'watchdog',
    resourceLimits: { maxOldGenerationSizeMb: 8 },
  }).unref()
}
