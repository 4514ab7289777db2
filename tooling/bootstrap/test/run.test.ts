import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { run } from '../run.mjs'

const relay = fileURLToPath(new URL('fixtures/relay.mjs', import.meta.url))
const here = { cwd: process.cwd(), env: process.env }

it('gives the exit code of the command', async () => {
  expect(await run(process.execPath, ['-e', 'process.exit(7)'], here)).toBe(7)
})

it('gives 128 and the number of the signal that ended the command', async () => {
  expect(await run(process.execPath, ['-e', 'process.kill(process.pid, "SIGKILL")'], here)).toBe(137)
})

it('names a command that is not there', async () => {
  await expect(run('tsgi-no-such-command', [], here)).rejects.toThrow('tsgi-no-such-command is not on PATH')
})

it('passes a signal on, and leaves it to the command what it means', async () => {
  const script = 'process.on("SIGTERM", () => process.exit(9)); setInterval(() => {}, 1e6); console.log("ready")'
  const child = spawn(process.execPath, [relay, '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  child.kill('SIGTERM')
  expect((await once(child, 'exit'))[0]).toBe(9)
})
