/** The protocols of systemd with its own programs, and with socat in the place of systemd. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import http from 'node:http'
import { text } from 'node:stream/consumers'
import { freePort } from '@tsgi/free-port'
import { openListeners, urlOf } from '@tsgi/listeners'
import type { Address } from '@tsgi/spec/server'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { BIN, Folder } from './command.ts'
import { ask, connect, FILES as tlsFiles, SERVE } from './https-setup.ts'

const has = (program: string): boolean => spawnSync(program, ['--help']).error === undefined

const FILES = {
  'app.ts': `import { word } from './word.ts'\nexport default (environ, startResponse) => { startResponse(200, []); return word }`,
  'word.ts': `export const word = 'one'`,
}

/** Of a connection of its own. */
const answerOf = (url: string): Promise<string> =>
  new Promise((resolve) => {
    http
      .get(url, { agent: false }, (response) => void text(response).then(resolve, (error) => resolve(String(error))))
      .on('error', (error) => resolve(String(error)))
  })

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

  it.each(['event-loop', 'cluster'])(
    'is restarted without a loss where systemd holds the socket, on %s',
    async (server) => {
      using folder = new Folder(FILES)
      // In the place of systemd, which keeps the socket open from one start of the service to the next.
      const held = await openListeners([{ host: '127.0.0.1', port: 0 }], false)
      onTestFinished(() => held.close())
      const [socket] = held.descriptors(0)
      const shell = 'LISTEN_PID=$$ LISTEN_FDS=1 exec "$@"'
      const args = ['-c', shell, 'sh', process.execPath, '--', BIN, 'serve', 'app.ts', '--server', server]
      const start = () => folder.program('sh', args, {}, { stdio: ['ignore', 'pipe', 'pipe', socket as number] })
      const url = urlOf(held.addresses[0] as Address)
      const load = { answers: new Map<string, number>(), lasts: true }
      const count = () => [...load.answers.values()].reduce((sum, one) => sum + one, 0)
      const ask = async (): Promise<void> => {
        while (load.lasts) {
          const answer = await answerOf(url)
          load.answers.set(answer, (load.answers.get(answer) ?? 0) + 1)
        }
      }
      let asking: Promise<unknown> = Promise.resolve()
      for (let turn = 0; turn < 3; turn++) {
        await using service = start()
        await service.url()
        // systemd listens before the first start; who holds the socket here does not.
        if (turn === 0) asking = Promise.all(Array.from({ length: 8 }, ask))
        const enough = count() + 100
        await vi.waitUntil(() => count() >= enough, { timeout: 30_000 })
        expect(await service.stop()).toBe(0)
      }
      load.lasts = false
      await using last = start()
      await last.url()
      await asking
      expect([...load.answers.keys()]).toEqual(['one'])
      expect(await last.stop()).toBe(0)
    },
  )

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

  it.skipIf(!has('systemd-socket-activate'))(
    'speaks TLS on sockets that were handed over, where there is a certificate (skipped: no systemd-socket-activate)',
    async () => {
      using folder = new Folder(tlsFiles('one'))
      const port = await freePort()
      const command = [
        process.execPath,
        '--',
        BIN,
        ...SERVE.filter((argument) => argument !== '--port' && argument !== '0'),
      ]
      await using tsgi = folder.program('systemd-socket-activate', ['-l', `127.0.0.1:${port}`, ...command])
      await tsgi.said(/Listening on/)
      const url = `https://127.0.0.1:${port}`
      const session = connect(url)
      expect(await ask(session)).toBe('HTTP/2 https h2')
      session.close()
      expect((await tsgi.said(/https:\/\/127\.0\.0\.1:\d+/))[0]).toBe(url)
      expect(await tsgi.stop()).toBe(0)
    },
  )
})
