/**
 * A thread that ends the process when its parent is gone, even while the main thread is in an endless loop. Only where the
 * system does not do it (see `orphan-guard.ts`).
 */
const PROGRAM = `
const { workerData } = require('node:worker_threads')
setInterval(() => { if (process.ppid !== workerData) process.kill(process.pid, 'SIGKILL') }, 500)
`

export function startWatchdog(parent: number): void {
  const { Worker } = process.getBuiltinModule('node:worker_threads')
  new Worker(PROGRAM, {
    eval: true,
    workerData: parent,
    name: 'watchdog',
    resourceLimits: { maxOldGenerationSizeMb: 8 },
  }).unref()
}
