/** The files of deploy/ in real programs: only ports, paths and times are those of the test. */
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { freePort } from '@tsgi/free-port'
import { openListeners } from '@tsgi/listeners'
import { describe, expect, it, onTestFinished } from 'vitest'
import { Folder, type Running } from './command.ts'
import {
  answer,
  APPLICATION,
  commandOf,
  deployed,
  has,
  hostCommand,
  Load,
  seenClient,
  unitIn,
  untilAnswers,
  withPlaces,
} from './deploy-setup.ts'

const LIMIT = { timeout: 120_000 }

/** nginx.conf is for a folder of files that `http` includes. */
function nginxBefore(folder: Folder, socket: string, port: number): Running {
  const own = folder.file('nginx')
  mkdirSync(own)
  const site = withPlaces(deployed('nginx.conf'), {
    'unix:/run/site/app.sock': `unix:${socket}`,
    'listen 80;': `listen 127.0.0.1:${port};`,
    '/srv/site/static/': folder.file('static/'),
  })
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${own};`)
  folder.write({
    'nginx.conf': `daemon off; master_process off; pid ${own}/pid; error_log stderr warn;
      events { worker_connections 256; }
      http { access_log off; ${temporary.join('\n')} ${site} }`,
  })
  return folder.program('nginx', ['-p', own, '-c', folder.file('nginx.conf')])
}

describe('the files of deploy/', () => {
  it.skipIf(!has('systemd-analyze'))(
    'tsgi.service and tsgi.socket are good units (skipped: no systemd-analyze)',
    () => {
      using folder = new Folder()
      folder.write({ 'tsgi.service': unitIn(folder.path), 'tsgi.socket': deployed('tsgi.socket') })
      const units = ['./tsgi.service', './tsgi.socket']
      const verify = () => spawnSync('systemd-analyze', ['verify', ...units], { cwd: folder.path, encoding: 'utf8' })
      expect(verify()).toMatchObject({ status: 0, stdout: '', stderr: '' })
      // It ends with 0 where it only ignores a line, so that what it writes counts.
      folder.write({ 'tsgi.service': unitIn(folder.path).replace('ProtectHome', 'ProtectHouse') })
      expect(verify().stderr).toContain('ProtectHouse')
    },
  )

  it.skipIf(!has('nginx'))(
    'tsgi.service, behind nginx.conf, reloads and restarts without a loss (skipped: no nginx)',
    LIMIT,
    async () => {
      using folder = new Folder(APPLICATION)
      const path = folder.file('app.sock')
      // In the place of systemd: the socket unit's socket, which outlives the service.
      const held = await openListeners([{ path }], false)
      onTestFinished(() => held.close())
      const [socket] = held.descriptors(0)
      const unit = unitIn(folder.path)
      const shell = 'LISTEN_PID=$$ LISTEN_FDS=1 exec "$@"'
      const args = ['-c', shell, 'sh', ...commandOf(unit, 'ExecStart')]
      const start = () => folder.program('sh', args, {}, { stdio: ['ignore', 'pipe', 'pipe', socket as number] })
      const port = await freePort()
      await using nginx = nginxBefore(folder, path, port)
      let load: Load
      {
        await using service = start()
        await service.said(/listening on/)
        await untilAnswers(nginx, port)
        expect(await seenClient(port)).toBe('127.0.0.1')
        load = new Load(port)
        await load.more(50)
        const [program, ...reload] = commandOf(unit, 'ExecReload')
        folder.write({ 'word.ts': `export const word = ` })
        await using refused = folder.program(program, reload)
        expect(await refused.exit).toBe(1)
        expect((await answer(port)).body).toBe('one 0')
        folder.write({ 'word.ts': `export const word = 'two'` })
        await using reloaded = folder.program(program, reload)
        expect([await reloaded.exit, reloaded.stderr]).toEqual([0, expect.any(String)])
        expect((await answer(port)).body).toBe('two 0')
        await load.more(50)
        expect(await service.stop()).toBe(0)
      }
      await using again = start()
      await again.said(/listening on/)
      await load.more(50)
      expect(await load.lost()).toEqual([])
      expect(await again.stop()).toBe(0)
    },
  )

  it.skipIf(!has('haproxy'))(
    'haproxy.cfg loses nothing while its hosts are restarted in turn (skipped: no haproxy)',
    LIMIT,
    async () => {
      using folder = new Folder(APPLICATION)
      const [front, one, two] = [await freePort(), await freePort(), await freePort()]
      folder.write({
        'haproxy.cfg': withPlaces(deployed('haproxy.cfg'), {
          'bind :80': `bind 127.0.0.1:${front}`,
          '10.0.0.1:3000': `127.0.0.1:${one}`,
          '10.0.0.2:3000': `127.0.0.1:${two}`,
          'inter 2s': 'inter 200ms',
          // As few descriptors as any machine allows.
          'maxconn 4000': 'maxconn 200',
        }),
      })
      const command = withPlaces(hostCommand().join(' '), { '10s': '2s', '10.0.0.10': '127.0.0.1' })
      const start = async (port: number): Promise<Running> => {
        const host = folder.tsgi([
          ...withPlaces(command, { '0.0.0.0:3000': `127.0.0.1:${port}` }).split(' '),
          '-w',
          '1',
        ])
        onTestFinished(() => host[Symbol.asyncDispose]())
        await host.url()
        return host
      }
      const hosts = new Map([
        [one, await start(one)],
        [two, await start(two)],
      ])
      await using haproxy = folder.program('haproxy', ['-db', '-f', folder.file('haproxy.cfg')])
      await untilAnswers(haproxy, front)
      const load = new Load(front)
      let reported = 0
      for (const [port, host] of hosts) {
        await load.more(50)
        expect(await host.stop()).toBe(0)
        hosts.set(port, await start(port))
        await haproxy.said(/is UP/, ++reported)
      }
      await load.more(50)
      expect(await load.lost()).toEqual([])
      for (const host of hosts.values()) host.signal('SIGTERM')
      expect(await Promise.all([...hosts.values()].map((host) => host.exit))).toEqual([0, 0])
    },
  )
})
