import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { FIXTURES, PYTHON, RUBY } from './serving.ts'

const HOST = fileURLToPath(new URL('host.ts', import.meta.url))

describe.skipIf(PYTHON === undefined && RUBY === undefined)('workers of a Node process that is killed', () => {
  const cases = (
    [
      ['while they wait', PYTHON, 'exercises:application', ''],
      ['while they answer', PYTHON, 'exercises:application', '/hangs'],
      ['while they load the application', RUBY, 'rack/slow_load.ru', ''],
      ['while they wait', RUBY, 'rack/config.ru', ''],
      ['while they answer', RUBY, 'rack/config.ru', '/hangs'],
    ] as const
  ).filter(([, program]) => program !== undefined)
  it.each(cases)('end as well, %s: %s', { timeout: 60_000 }, async (_when, program = '', app, path) => {
    const host = spawn(process.execPath, ['--conditions=source', HOST, app, path, program], {
      cwd: FIXTURES,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    // The application writes its process id, and what it writes reaches the log of the host.
    const [line] = (await once(host.stdout.setEncoding('utf8'), 'data')) as [string]
    const worker = Number(line)
    expect(isAlive(worker)).toBe(true)
    host.kill('SIGKILL')
    await expect.poll(() => isAlive(worker), { timeout: 10_000 }).toBe(false)
  })
})

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
