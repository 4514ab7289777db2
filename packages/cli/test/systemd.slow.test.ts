/** The protocols of systemd with its own programs, and with socat in the place of systemd. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { freePort } from '@tsgi/free-port'
import { describe, expect, it, vi } from 'vitest'
import { BIN, Folder } from './command.ts'

const has = (program: string): boolean => spawnSync(program, ['--help']).error === undefined

const FILES = {
  'app.ts': `import { word } from './word.ts'\nexport default (environ, startResponse) => { startResponse(200, []); return word }`,
  'word.ts': `export const word = 'one'`,
}

describe('a service of systemd', () => {
  it.skipIf(!has('socat'))('is ready, reloads, lives and stops in the eyes of socat (skipped: no socat)', async () => {
    using folder = new Folder(FILES)
    const socket = folder.file('notify')
    await using heard = folder.program('socat', ['-u', `UNIX-RECV:${socket}`, 'STDOUT'])
    await vi.waitUntil(() => existsSync(socket))
    const env = { NOTIFY_SOCKET: socket, WATCHDOG_USEC: '400000' }
    await using tsgi = folder.tsgi(['serve', 'app.ts', '-p', '0', '--server', 'cluster', '-w', '1'], env)
    await heard.said(new RegExp(`READY=1\nMAINPID=${tsgi.child.pid}\nSTATUS=listening on http://127`))
    await heard.said(/WATCHDOG=1/, 2)
    folder.write({ 'word.ts': `export const word = 'two'` })
    tsgi.signal('SIGHUP')
    await heard.said(/RELOADING=1\nMONOTONIC_USEC=\d+READY=1|RELOADING=1\nMONOTONIC_USEC=\d+[^]*READY=1/)
    expect(await (await tsgi.get('/')).text()).toBe('two')
    tsgi.signal('SIGTERM')
    await heard.said(/STOPPING=1/)
    expect(await tsgi.exit).toBe(0)
    expect(tsgi.stderr).not.toMatch(/cannot be notified|ExperimentalWarning/)
  })

  it.skipIf(!has('systemd-socket-activate'))(
    'is started by systemd-socket-activate, in workers too (skipped: no systemd-socket-activate)',
    async () => {
      using folder = new Folder(FILES)
      const port = await freePort()
      const command = [process.execPath, '--', BIN, 'serve', 'app.ts', '--server', 'cluster', '-w', '2']
      await using tsgi = folder.program('systemd-socket-activate', ['-l', `127.0.0.1:${port}`, ...command])
      await tsgi.said(/Listening on/)
      expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('one')
      expect(await tsgi.url()).toBe(`http://127.0.0.1:${port}`)
      expect(await tsgi.stop()).toBe(0)
    },
  )
})
