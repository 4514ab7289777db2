import { spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { renameSync } from 'node:fs'
import tls from 'node:tls'
import { Agent, fetch } from 'undici'
import { describe, expect, test } from 'vitest'
import { Folder, type Running } from './command.ts'
import { ask, connect, FILES, Load, SERVE, site } from './https-setup.ts'

const SERVERS = [['event-loop'], ['cluster', '--workers', '2'], ['process']]

const urlOf = async (tsgi: Running): Promise<string> => (await tsgi.said(/https:\/\/127\.0\.0\.1:\d+/))[0]

/** The certificate that a new connection gets. */
const subjectAt = async (url: string): Promise<string | undefined> => (await certificateAt(url))?.subject

async function certificateAt(url: string): Promise<X509Certificate | undefined> {
  const { hostname, port } = new URL(url)
  const socket = tls.connect({ host: hostname, port: Number(port), rejectUnauthorized: false })
  await once(socket, 'secureConnect')
  const certificate: X509Certificate | undefined = socket.getPeerX509Certificate()
  socket.destroy()
  return certificate
}

describe('https', () => {
  test.each(SERVERS)('is served by %s to clients of all kinds', async (...server) => {
    using folder = new Folder(FILES('one'))
    await using tsgi = folder.tsgi([...SERVE, '--server', ...server])
    const url = await urlOf(tsgi)
    const session = connect(url)
    expect(await Promise.all(Array.from({ length: 20 }, () => ask(session)))).toEqual(
      Array.from({ length: 20 }, () => 'HTTP/2 https h2'),
    )
    session.close()
    const connectTo = { rejectUnauthorized: false }
    for (const allowH2 of [true, false]) {
      const dispatcher = new Agent({ allowH2, connect: connectTo })
      const response = await fetch(url, { dispatcher })
      expect(await response.text()).toBe(allowH2 ? 'HTTP/2 https h2' : 'HTTP/1.1 https http/1.1')
      await dispatcher.close()
    }
    for (const [program, args, expected] of [
      ['curl', ['-sk', url], /^HTTP\/2 https h2$/],
      ['curl', ['-sk', '--http1.1', url], /^HTTP\/1.1 https http\/1.1$/],
      ['nghttp', ['-ns', url, `${url}/a`, `${url}/b`], /200 .*\n.*200 .*\n.*200 /],
      ['h2load', ['-n', '40', '-c', '2', '-m', '5', url], /40 succeeded, 0 failed/],
    ] as const) {
      if (spawnSync(program, ['--version']).error !== undefined) {
        console.warn(`skipped: no ${program}`)
        continue
      }
      const running = folder.program(program, args)
      await running.exit
      expect(running.stdout, `${program} ${args.join(' ')}`).toMatch(expected)
    }
  })

  test.each(SERVERS.slice(0, 2))('new certificates are served by %s, and no request is lost', async (...server) => {
    using folder = new Folder(FILES('one'))
    await using tsgi = folder.tsgi([...SERVE, '--server', ...server])
    const url = await urlOf(tsgi)
    const load = new Load(url, 4)
    expect(await subjectAt(url)).toBe('CN=one')
    const { cert, key } = site('two')
    folder.write({ 'new.crt': cert, 'new.key': key })
    renameSync(folder.file('new.key'), folder.file('site.key'))
    renameSync(folder.file('new.crt'), folder.file('site.crt'))
    await expect.poll(() => subjectAt(url), { timeout: 20_000 }).toBe('CN=two')
    await load.stop()
    expect(load.lost).toEqual([])
    expect(load.answered).toBeGreaterThan(10)
  })

  test('a reload of the cluster loses no request of HTTP/2, and reads the certificates', async () => {
    using folder = new Folder(FILES('one'))
    await using tsgi = folder.tsgi([...SERVE, '--server', 'cluster', '--workers', '2', '--pid-file', 'pid'])
    const url = await urlOf(tsgi)
    const load = new Load(url, 4)
    for (const subject of ['two', 'three']) {
      const { cert, key } = site(subject)
      folder.write({ 'site.crt': cert, 'site.key': key })
      const reload = await folder.run(['reload', '--pid-file', 'pid'])
      expect(reload.exitCode, reload.stderr).toBe(0)
      expect(await subjectAt(url)).toBe(`CN=${subject}`)
    }
    await load.stop()
    expect(load.lost).toEqual([])
    expect(load.answered).toBeGreaterThan(10)
  })

  test('is served by dev with a certificate that it keeps', async () => {
    using folder = new Folder(FILES('one'))
    const fingerprints = new Set<string | undefined>()
    for (let start = 0; start < 2; start++) {
      await using tsgi = folder.tsgi(['dev', 'app.js', '--port', '0', '--https', '--no-watch'], {
        XDG_CACHE_HOME: folder.file('cache'),
      })
      const url = await urlOf(tsgi)
      const session = connect(url)
      expect(await ask(session)).toBe('HTTP/2 https h2')
      session.close()
      const certificate = await certificateAt(url)
      expect(certificate?.subject).toBe('CN=localhost (tsgi dev)')
      fingerprints.add(certificate?.fingerprint256)
    }
    expect(fingerprints.size).toBe(1)
  })
})
