/** `--metrics` of servers of several processes, as Prometheus' own checker reads it. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, symlinkSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { Folder, type Running } from './command.ts'
import { APP, REQUESTS, scrape, sumOf } from './metrics-setup.ts'

const hasPromtool = spawnSync('promtool', ['--version']).error === undefined

const METRICS = fileURLToPath(new URL('../../metrics', import.meta.url))

const COUNTING = `import { addMetrics } from '@tsgi/metrics'
import { Counter, Registry } from 'prom-client'
const registry = new Registry()
const pages = new Counter({ name: 'pages_total', help: 'Pages.', registers: [registry] })
addMetrics(registry)
export default (environ, startResponse) => { pages.inc(); startResponse(200, []); return 'hello' }`

/** Asks on a new connection each time, so that every worker has its share. */
async function ask(tsgi: Running, times: number): Promise<void> {
  for (let i = 0; i < times; i++) await (await tsgi.get('/', { headers: { connection: 'close' } })).text()
}

describe('a server with --metrics', () => {
  it.each(['event-loop', 'cluster', 'process'])(
    'counts every request of %s, and the application’s own',
    async (server) => {
      using folder = new Folder({ 'app.ts': COUNTING })
      mkdirSync(folder.file('node_modules/@tsgi'), { recursive: true })
      symlinkSync(METRICS, folder.file('node_modules/@tsgi/metrics'))
      symlinkSync(`${METRICS}/node_modules/prom-client`, folder.file('node_modules/prom-client'))
      await using tsgi = folder.tsgi(['serve', 'app.ts', '-p', '0', '--server', server, '--metrics=127.0.0.1:0'])
      await ask(tsgi, 20)
      // A process that serves one connection reports when that has ended.
      for (;;) {
        const text = await scrape(tsgi)
        if (sumOf(text, REQUESTS) < 20) continue
        expect(sumOf(text, REQUESTS)).toBe(20)
        expect(sumOf(text, 'pages_total')).toBe(20)
        if (hasPromtool) {
          const { status, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' })
          expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
        } else console.error('skipped: no promtool')
        break
      }
      expect(await tsgi.stop()).toBe(0)
    },
  )

  it('never counts less than before, whatever becomes of its workers', async () => {
    using folder = new Folder({ 'app.ts': APP })
    const args = [
      'serve',
      'app.ts',
      '-p',
      '0',
      '--server',
      'cluster',
      '-w',
      '2',
      '--pid-file',
      'pid',
      '--metrics=127.0.0.1:0',
    ]
    await using tsgi = folder.tsgi(args)
    let last = 0
    const grown = async (): Promise<string> => {
      const text = await scrape(tsgi)
      expect(sumOf(text, REQUESTS)).toBeGreaterThanOrEqual(last)
      last = sumOf(text, REQUESTS)
      return text
    }
    await ask(tsgi, 10)
    await grown()
    expect((await folder.run(['reload', '--pid-file', 'pid'])).exitCode).toBe(0)
    await ask(tsgi, 10)
    expect(sumOf(await grown(), REQUESTS)).toBe(20)
    const status = JSON.parse((await folder.run(['status', '--pid-file', 'pid', '--json'])).stdout)
    for (const { pid } of status.workers) process.kill(pid, 'SIGKILL')
    await tsgi.said(/was ended by SIGKILL/, 2)
    await ask(tsgi, 10)
    const text = await grown()
    expect(sumOf(text, REQUESTS)).toBe(30)
    expect(text).toMatch(/^tsgi_worker_ends_total\{reason="signal"\} 2$/m)
    expect(text).toMatch(/^tsgi_worker_ends_total\{reason="reload"\} 2$/m)
    expect(text).toMatch(/^tsgi_reloads_total\{result="ok"\} 1$/m)
    expect(await tsgi.stop()).toBe(0)
  })
})
