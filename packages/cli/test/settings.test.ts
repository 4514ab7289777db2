import { describe, expect, it } from 'vitest'
import { ECHO, Folder } from './command.ts'

describe('where a setting comes from', () => {
  const files = {
    'app.ts': ECHO,
    'tsgi.config.ts': 'export default { serverHeader: "from-file", keepAliveTimeout: "11s", port: 0 }',
  }

  it.each([
    [
      'the flag, before all else',
      ['--server-header', 'from-flag'],
      { TSGI_SERVER_HEADER: 'from-variable' },
      'from-flag',
    ],
    ['the variable, before the file', [], { TSGI_SERVER_HEADER: 'from-variable' }, 'from-variable'],
    ['the file', [], {}, 'from-file'],
  ])('%s', async (_name, flags, env, expected) => {
    using folder = new Folder(files)
    await using tsgi = folder.tsgi(['serve', 'app.ts', ...flags], env)
    expect((await tsgi.get('/')).headers.get('server')).toBe(expected)
  })
})

describe('a setting that makes no sense', () => {
  it.each([
    ['an unknown flag', ['--prot', '1'], {}, /^tsgi: unknown option '--prot'\n {2}Did you mean --port\?/],
    ['a bad port', ['-p', '99999'], {}, /^tsgi: --port 99999: expected a port from 0 to 65535\.\n$/],
    ['a time without a unit', ['--write-timeout', '5'], {}, /^tsgi: --write-timeout 5: expected a time with its unit/],
  ])('%s: exit code 2, and one screen', async (_name, flags, env, expected) => {
    using folder = new Folder({ 'app.ts': ECHO })
    const { exitCode, stderr, stdout } = await folder.run(['serve', 'app.ts', ...flags], env)
    expect(stderr).toMatch(expected)
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr.split('\n').length).toBeLessThan(8)
    expect(stderr).not.toContain('    at ')
  })
})

describe('--check-config', () => {
  it('loads the application without starting it', async () => {
    using folder = new Folder({
      'app.ts': `${ECHO}\nexport const app = (environ, startResponse) => null\napp.startup = () => { throw new Error('started') }`,
    })
    expect(await folder.run(['serve', 'app.ts:app', '--check-config'])).toMatchObject({
      exitCode: 0,
      stdout: 'It would start: app.ts:app (app: a TSGI function) on the server event-loop.\n',
    })
  })
})
