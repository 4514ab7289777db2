/** Unix sockets: who may connect, who is behind them, and what is missing where one cannot be bound. */
import { statSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Folder } from './command.ts'
import { getOver } from './get-over.ts'

const FILES = {
  'app.ts': `export default (environ, startResponse) => {
    startResponse(200, [])
    return environ.urlScheme + ' ' + environ.remoteAddr
  }`,
}
const SERVERS = ['event-loop', 'cluster', 'process']

const FORWARDED = { 'x-forwarded-for': '192.0.2.1', 'x-forwarded-proto': 'https' }

describe('a unix socket', () => {
  it.each(SERVERS)(
    'of the %s server has the permissions that are asked for, and its peer is believed',
    async (server) => {
      using folder = new Folder(FILES)
      await using tsgi = folder.tsgi([
        'serve',
        'app.ts',
        '--server',
        server,
        '-b',
        'unix:socket',
        '--socket-mode',
        '660',
      ])
      await tsgi.said(/listening on/)
      const path = folder.file('socket')
      expect(statSync(path).mode & 0o777).toBe(0o660)
      expect(await getOver(path, FORWARDED)).toBe('https 192.0.2.1')
    },
  )

  it('has a peer that is not believed where the proxies are listed without it', async () => {
    using folder = new Folder(FILES)
    await using tsgi = folder.tsgi(['serve', 'app.ts', '-b', 'unix:socket', '--forwarded-allow-ips', '127.0.0.1'])
    await tsgi.said(/listening on/)
    expect(await getOver(folder.file('socket'), FORWARDED)).toBe('http null')
  })

  it.each(SERVERS)('of the %s server needs a folder', async (server) => {
    using folder = new Folder(FILES)
    const { exitCode, stderr } = await folder.run([
      'serve',
      'app.ts',
      '--server',
      server,
      '-b',
      'unix:/nonexistent/x.sock',
    ])
    expect(stderr).toContain(
      'cannot listen on unix:/nonexistent/x.sock: there is no folder /nonexistent. Create it, or choose another path.',
    )
    expect(exitCode).toBe(4)
  })

  it.runIf(process.platform === 'linux')('may be a name without a file, whose peers are not believed', async () => {
    using folder = new Folder(FILES)
    const name = `tsgi-test-${process.pid}-${Math.random()}`
    await using tsgi = folder.tsgi(['serve', 'app.ts', '-b', `unix:@${name}`])
    await tsgi.said(/listening on/)
    expect(await getOver(`\0${name}`, FORWARDED)).toBe('http null')
  })

  it('is needed for its permissions, which are octal', async () => {
    using folder = new Folder(FILES)
    const none = await folder.run(['serve', 'app.ts', '-p', '0', '--socket-mode', '660'])
    expect(none).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('this server listens on no unix socket'),
    })
    const wrong = await folder.run(['serve', 'app.ts', '-b', 'unix:socket', '--socket-mode', '999'])
    expect(wrong).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('expected permissions in octal') })
  })
})
