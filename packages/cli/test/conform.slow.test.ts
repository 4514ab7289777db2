import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Folder } from './command.ts'
import { SERVER, serverThat } from './conform-setup.ts'

describe('tsgi conform', () => {
  describe('a server by its address', () => {
    let server: http.Server
    let url: string
    beforeAll(async () => {
      server = http.createServer((_request, response) => void response.end('hello\n')).listen(0, '127.0.0.1')
      await once(server, 'listening')
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    })
    afterAll(() => {
      server.closeAllConnections()
      server.close()
    })

    it('writes JSON and JUnit, to files or to standard output', async () => {
      using folder = new Folder()
      const chosen = ['--only', 'host-twice', 'host-missing', 'body-string', 'double-space']
      const piped = await folder.run(['conform', url, ...chosen, '--json', '-', '--junit', 'report.xml'])
      expect(piped.exitCode).toBe(1)
      const { conforms, binding, outcomes } = JSON.parse(piped.stdout) as {
        conforms: boolean
        binding: string[]
        outcomes: { id: string; force: string; verdict: string }[]
      }
      expect({ conforms, binding }).toEqual({ conforms: false, binding: ['must'] })
      expect(outcomes.map(({ id, force, verdict }) => `${id} ${force} ${verdict}`).toSorted()).toEqual([
        'body-string must inapplicable',
        'double-space ours differs',
        'host-missing must passed',
        'host-twice must failed',
      ])
      expect(piped.stderr).toContain('1 passed, 1 failed, 1 not asked')
      expect(readFileSync(folder.file('report.xml'), 'utf8')).toContain('tests="4" failures="1" skipped="2"')
    })

    it('exits with 0 where only what RFCs allow is done in another way', async () => {
      using folder = new Folder()
      const { exitCode, stdout } = await folder.run(['conform', url, '--only', 'host-missing', 'double-space'])
      expect(stdout).toContain('ours, no failures (RFCs leave it open):\n  double-space  RFC 9112 §3: expected')
      expect(stdout).toMatch(/\nmust +1 +0 .*\nshould +0 +0 .*\nours +0 +1 .*\n.*: 1 passed, 0 failed\n$/)
      expect(exitCode).toBe(0)
    })
  })

  describe('a server module', () => {
    it('finds nothing wrong with the servers that come along', async () => {
      using folder = new Folder()
      const { exitCode, stdout } = await folder.run(['conform', 'event-loop', '--only', 'body-', 'host-', 'stop-'])
      expect(stdout).toMatch(/event-loop: \d+ passed, 0 failed\n$/)
      expect(exitCode).toBe(0)
    })

    it('says of one that calls no application what is wrong first, and blocks the rest', async () => {
      using folder = new Folder({ 'mine.ts': serverThat(`response.end('hello')`) })
      const { exitCode, stdout } = await folder.run(['conform', 'mine.ts', '--level', '1'])
      expect(exitCode).toBe(1)
      expect(stdout).toMatch(/^body-string: /)
      expect(stdout).toMatch(/\n\d+ blocked until body-string holds: body-null, .* and \d+ more\n/)
      expect(stdout).toMatch(/again {5}tsgi conform mine\.ts --only body-string\n/)
      expect(stdout).not.toContain('level 2')
    })

    it('goes on when one ends its process, and shows its last words', async () => {
      const handle = `if (request.method === 'HEAD') { console.error('no HEAD here'); process.exit(7) } response.end('hello')`
      using folder = new Folder({ 'mine.ts': serverThat(handle) })
      const { exitCode, stdout } = await folder.run(['conform', './mine.ts', '--only', 'head-plain', 'date'])
      expect(exitCode).toBe(1)
      expect(stdout).toMatch(/got .*; its process ended with exit code 7; it wrote last:\n/)
      expect(stdout).toContain('no HEAD here')
      expect(stdout).toMatch(/my-server: 1 passed, 1 failed\n$/)
    })

    it('goes on when one hangs in a loop', async () => {
      const handle = `if (request.method === 'HEAD') for (;;); response.end('hello')`
      using folder = new Folder({ 'mine.ts': serverThat(handle) })
      const only = ['--only', 'head-plain', 'date', '--patience', '0.2']
      const { exitCode, stdout } = await folder.run(['conform', './mine.ts', ...only])
      expect(exitCode).toBe(1)
      expect(stdout).toMatch(/got .*nothing within the deadline of the case; it was told to stop and did not/)
      expect(stdout).toContain('again     tsgi conform ./mine.ts --patience 0.2 --only head-plain\n')
      expect(stdout).toMatch(/my-server: 1 passed, 1 failed\n$/)
    })

    it('says why one does not start', async () => {
      using folder = new Folder({
        'mine.ts': SERVER.replace('async serve(', `async serve() { throw new Error('no port for me') }, async other(`),
      })
      const { exitCode, stdout } = await folder.run(['conform', './mine.ts', '--only', 'boot-listens'])
      expect(exitCode).toBe(1)
      expect(stdout).toMatch(/got +Error: no port for me\n {4} +at .*mine\.ts/)
    })

    it('states what a server does not claim', async () => {
      using folder = new Folder()
      const { exitCode, stdout } = await folder.run([
        'conform',
        'event-loop',
        '--only',
        'upgrade',
        '--without',
        'upgrade',
      ])
      expect(stdout).toMatch(/\d+ not asked: event-loop does not claim upgrade\n/)
      expect(exitCode).toBe(0)
    })
  })

  it.each([
    [['conform'], /nothing to test[^]*tsgi conform http:\/\/127\.0\.0\.1:8080\//],
    [['conform', '127.0.0.1:8080'], /Did you mean http:\/\/127\.0\.0\.1:8080\?/],
    [['conform', 'https://127.0.0.1/'], /expected an http: URL/],
    [['conform', 'http://127.0.0.1:1/'], /no server is listening at 127\.0\.0\.1:1\. Start it first/],
    [['conform', 'event-loop', '--only', 'nothing-like-it'], /no behaviour is called "nothing-like-it"[^]*--list/],
    [['conform', 'event-loop', '--level', '4'], /--level 4: expected 0 to 3/],
    [['conform', 'event-loop', '--patience', 'much'], /--patience much: expected a factor/],
    [['conform', 'event-loop', '--without', 'http3'], /--without http3: expected one of early-hints/],
    [['conform', 'none.ts'], /There is no file none\.ts[^]*mine\.ts/],
    [['conform', 'mine.ts'], /mine\.ts exports no server module: expected `serverModule`.* got default/],
    [['conform', 'broken.ts'], /broken\.ts cannot be loaded: [^]*no such luck/],
  ])('%j makes no sense, and it says why', async (args, message) => {
    using folder = new Folder({ 'mine.ts': 'export default 1', 'broken.ts': `throw new Error('no such luck')` })
    const { exitCode, stdout, stderr } = await folder.run(args)
    expect(stderr).toMatch(message)
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
  })
})
