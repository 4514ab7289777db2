/** `--ready` where there are workers, and while they load. */
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { Folder } from './command.ts'
import { metricsUrl } from './metrics-setup.ts'

const APP = `import { existsSync } from 'node:fs'
const app = (environ, startResponse) => { startResponse(200, []); return 'hello' }
app.ready = async () => existsSync('ready')
export default app`

describe('a server that is probed', () => {
  it.each(['cluster', 'process'])('asks the application, in %s', async (server) => {
    using folder = new Folder({ 'app.ts': APP })
    await using tsgi = folder.tsgi([
      'serve',
      'app.ts',
      '-p',
      '0',
      '--server',
      server,
      '--ready',
      '/readyz',
      '--metrics=127.0.0.1:0',
    ])
    const elsewhere = (await metricsUrl(tsgi)).replace('/metrics', '/readyz')
    const both = async () => [(await tsgi.get('/readyz')).status, (await fetch(elsewhere)).status]
    expect(await both()).toEqual([503, 503])
    folder.write({ ready: '' })
    expect(await both()).toEqual([200, 200])
    expect(await tsgi.stop()).toBe(0)
  })

  it('is not ready while it starts, nor when no worker is left', async () => {
    using folder = new Folder({
      'app.ts': `import { existsSync } from 'node:fs'
if (existsSync('broken')) process.exit(9)
const app = (environ, startResponse) => { startResponse(200, []); return 'hello' }
app.startup = async () => { while (!existsSync('go')) await new Promise((resolve) => setTimeout(resolve, 20)) }
export default app`,
    })
    const args = ['serve', 'app.ts', '-p', '0', '--server', 'cluster', '-w', '1', '--pid-file', 'pid']
    await using tsgi = folder.tsgi([...args, '--metrics=unix:metrics.sock'])
    const ready = async (): Promise<string> => {
      const curl = folder.program('curl', ['-s', '--unix-socket', 'metrics.sock', 'http://a/readyz'])
      await curl.exit
      return curl.stdout
    }
    while ((await ready()) === '') await sleep(20)
    expect(await ready()).toBe('not ready\n')
    folder.write({ go: '' })
    await tsgi.url()
    expect(await ready()).toBe('ok\n')
    folder.write({ broken: '' })
    const [worker] = JSON.parse((await folder.run(['status', '--pid-file', 'pid', '--json'])).stdout).workers
    process.kill(worker.pid, 'SIGKILL')
    await tsgi.said(/was ended by SIGKILL/)
    expect(await ready()).toBe('not ready\n')
  })
})
