/** `--health` and `--ready`. */
import { describe, expect, it } from 'vitest'
import { Folder, type Running } from './command.ts'
import { APP, metricsUrl } from './metrics-setup.ts'

const status = async (tsgi: Running, path: string) => (await tsgi.get(path)).status

describe('a server that is probed', () => {
  it('is not ready from TERM on, and serves for the delay', async () => {
    using folder = new Folder({ 'app.ts': APP })
    const args = ['--health', '/healthz', '--ready', '/readyz', '--shutdown-delay', '2s', '--metrics=127.0.0.1:0']
    await using tsgi = folder.tsgi(['serve', 'app.ts', '-p', '0', ...args])
    expect([await status(tsgi, '/healthz'), await status(tsgi, '/readyz')]).toEqual([200, 200])
    const elsewhere = (await metricsUrl(tsgi)).replace('/metrics', '/readyz')
    expect((await fetch(elsewhere)).status).toBe(200)
    tsgi.signal('SIGTERM')
    await tsgi.said(/serving on for 2 s/)
    expect([await status(tsgi, '/healthz'), await status(tsgi, '/readyz'), await status(tsgi, '/')]).toEqual([
      200, 503, 200,
    ])
    expect((await fetch(elsewhere)).status).toBe(503)
    tsgi.signal('SIGQUIT')
    await tsgi.exit
    expect(tsgi.stderr).toContain('the server answers /healthz and /readyz, and not the application')
  })

  it('is refused where a path does not begin with a slash, or is named twice', async () => {
    using folder = new Folder({ 'app.ts': APP })
    const none = await folder.run(['serve', 'app.ts', '--health', 'healthz'])
    expect(none.stderr).toContain('--health healthz: expected a path of a URL, such as /healthz.')
    const both = await folder.run(['serve', 'app.ts', '--health', '/z', '--ready', '/z'])
    expect(both.stderr).toContain('--health and --ready: expected two paths, got /z for both.')
  })
})
