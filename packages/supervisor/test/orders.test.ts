import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'
import { WorkerLink } from '../src/channel/worker-link.ts'

/** Reads its orders from a signal on, and says how many bytes they were. */
const WORKER = `
import { createReadStream, writeSync } from 'node:fs'
process.once('SIGUSR2', () => {
  let size = 0
  createReadStream(null, { fd: 4 }).on('data', (bytes) => {
    size += bytes.length
    if (bytes.at(-1) === 10) process.stdout.write('read ' + size + '\\n')
  })
})
process.stdout.write('up\\n')
setInterval(() => {}, 1000)
`

const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

async function boot(): Promise<{ link: WorkerLink; child: ChildProcess; breaches: string[] }> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', WORKER], {
    stdio: ['ignore', 'pipe', 'inherit', 'pipe', 'pipe'],
  })
  children.push(child)
  const breaches: string[] = []
  const link = new WorkerLink(child, {
    onMessage() {},
    onBreach: (reason) => breaches.push(reason),
    onExit() {},
  })
  await once(child.stdout as NodeJS.ReadableStream, 'data')
  return { link, child, breaches }
}

describe('orders that a worker has not read', () => {
  it('may be settings of many megabytes, and those that follow them', async () => {
    const { link, child, breaches } = await boot()
    const settings = 'x'.repeat(3 * 2 ** 20)
    link.send({ type: 'renew', settings })
    link.send({ type: 'renew', settings })
    link.send({ type: 'stopping' })
    expect(breaches).toEqual([])
    const expected =
      2 * JSON.stringify({ type: 'renew', settings }).length + JSON.stringify({ type: 'stopping' }).length + 3
    child.kill('SIGUSR2')
    let said = ''
    while (!said.includes(`read ${expected}\n`)) {
      const [bytes] = await once(child.stdout as NodeJS.ReadableStream, 'data')
      said += String(bytes)
    }
    expect(breaches).toEqual([])
  })

  it('are a breach where others come to more than a megabyte', async () => {
    const { link, breaches } = await boot()
    for (let n = 0; n < 100_000 && breaches.length === 0; n++) link.send({ type: 'measure' })
    expect(breaches).toEqual(['expected it to read its orders'])
  })
})
