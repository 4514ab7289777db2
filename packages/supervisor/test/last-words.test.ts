import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { isRunning } from '@tsgi/faults'
import { expect, it } from 'vitest'
import { WorkerLink } from '../src/channel/worker-link.ts'
import type { FromWorker } from '../src/channel/messages.ts'

/** Reports once, and ends. */
const WORKER = `
import { writeSync } from 'node:fs'
writeSync(3, JSON.stringify({ type: 'closed' }) + '\\n')
`

it('the last words of a worker are read, although orders to it fail', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', WORKER], {
    stdio: ['ignore', 'inherit', 'inherit', 'pipe', 'pipe'],
  })
  const heard: FromWorker[] = []
  const over = Promise.withResolvers<void>()
  const link = new WorkerLink(child, {
    onMessage: (message) => heard.push(message),
    onBreach: (reason) => over.reject(new Error(reason)),
    onExit: () => over.resolve(),
  })
  await once(child, 'spawn')
  // Blocks this process until the other has ended, so that the orders fail before anything is read.
  const until = performance.now() + 20_000
  const { pid = 0 } = child
  while (isRunning(pid) && performance.now() < until);
  for (let i = 0; i < 3; i++) link.send({ type: 'accept' })
  await over.promise
  expect(heard).toEqual([{ type: 'closed' }])
})
