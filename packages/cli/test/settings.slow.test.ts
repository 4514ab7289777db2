import { describe, expect, it } from 'vitest'
import { ECHO, Folder } from './command.ts'

describe('where a setting comes from', () => {
  const files = {
    'app.ts': ECHO,
    'tsgi.config.ts': 'export default { serverHeader: "from-file", keepAliveTimeout: "11s", port: 0 }',
  }

  it.each([])('%s', async (_name, flags, env, expected) => {
    using folder = new Folder(files)
    await using tsgi = folder.tsgi(['serve', 'app.ts', ...flags], env)
    expect((await tsgi.get('/')).headers.get('server')).toBe(expected)
  })

  it('is told by --print-config', async () => {
    using folder = new Folder(files)
    const env = { TSGI_SERVER_HEADER: 'from-variable', PORT: '8080' }
    const { exitCode, stdout } = await folder.run(
      ['serve', 'app.ts', '--print-config', '--headers-timeout', '1.5s'],
      env,
    )
    expect(exitCode).toBe(0)
    const rows = Object.fromEntries(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => [line.split(/\s+/)[0], line.replace(/\s+/g, ' ')]),
    )
    expect(rows).toMatchObject({
      app: 'app app.ts argument',
      headersTimeout: 'headersTimeout 1500ms --headers-timeout',
      serverHeader: 'serverHeader from-variable TSGI_SERVER_HEADER',
      port: 'port 8080 PORT',
      host: 'host 0.0.0.0 because PORT is set',
      keepAliveTimeout: 'keepAliveTimeout 11s tsgi.config.ts',
      maxBodySize: 'maxBodySize 128MiB default',
      forwardedAllowIps: 'forwardedAllowIps 127.0.0.1, ::1 default',
    })
  })

  it('PORT opens the address to others, HOST and --host close it again', async () => {
    using folder = new Folder({ 'app.ts': ECHO })
    const hostOf = async (args: string[], env: Record<string, string>) =>
      /^host +(\S+)/m.exec((await folder.run(['serve', 'app.ts', '--print-config', ...args], env)).stdout)?.[1]
    expect(await hostOf([], {})).toBe('127.0.0.1')
    expect(await hostOf([], { PORT: '80' })).toBe('0.0.0.0')
    expect(await hostOf(['-p', '80'], {})).toBe('127.0.0.1')
    expect(await hostOf([], { PORT: '80', HOST: '127.0.0.1' })).toBe('127.0.0.1')
    expect(await hostOf(['--host', '127.0.0.2'], { PORT: '80', HOST: '127.0.0.1' })).toBe('127.0.0.2')
  })

  it('names the application in a config file', async () => {
    using folder = new Folder({ 'app.ts': ECHO, 'tsgi.config.ts': 'export default { app: "app.ts", port: 0 }' })
    await using tsgi = folder.tsgi(['serve'])
    expect((await tsgi.echo('/x')).pathInfo).toBe('/x')
  })

  it('reads variables from files, which set nothing that is set', async () => {
    using folder = new Folder({
      'app.ts': ECHO,
      'a.env': 'GREETING=a\nTSGI_PORT=0',
      'b.env': 'GREETING=b\nNODE_ENV=staging',
    })
    await using tsgi = folder.tsgi(['serve', 'app.ts', '--env-file', 'a.env', '--env-file', 'b.env'])
    expect(await tsgi.echo('/')).toMatchObject({ greeting: 'b', nodeEnv: 'staging' })
    await using other = folder.tsgi(['serve', 'app.ts', '--env-file', 'a.env'], { GREETING: 'mine' })
    expect(await other.echo('/')).toMatchObject({ greeting: 'mine' })
  })

  it.each([
    ['serve', 'production'],
    ['dev', 'development'],
  ])('%s sets NODE_ENV=%s', async (command, expected) => {
    using folder = new Folder({ 'app.ts': ECHO })
    await using tsgi = folder.tsgi([command, 'app.ts', '-p', '0'])
    expect(await tsgi.echo('/')).toMatchObject({ nodeEnv: expected })
  })
})

describe('a setting that makes no sense', () => {
  it.each([
    ['a bad size', ['--max-body-size', '5 apples'], {}, /expected a size, such as 4096, 16KiB/],
    ['a bad choice', ['--overload', 'drop'], {}, /--overload drop: expected queue or 503\.\n$/],
    [
      'a bad address',
      ['--bind', 'localhost'],
      {},
      /--bind localhost: expected host:port, \[::1\]:port, unix:\/path, unix:@name or fd:3, with http:\/\/, https:\/\/, .*\.\n$/,
    ],
    ['--bind and --port', ['--bind', '127.0.0.1:1', '--port', '1'], {}, /--bind and --port contradict each other/],
    ['a bad variable', [], { TSGI_BACKLOG: 'long' }, /^tsgi: TSGI_BACKLOG=long: expected a whole number\.\n$/],
    ['a bad PORT', [], { PORT: 'http' }, /^tsgi: PORT=http: expected a port/],
    ['a proxy that is no address', ['--forwarded-allow-ips', '10.0.0'], {}, /--forwarded-allow-ips: .*"10\.0\.0"/],
    [
      'a static folder that is not there',
      ['--static', 'public'],
      {},
      /^tsgi: --static public: there is no such folder\.\n {2}Looked for \/.*\/public\n$/,
    ],
    ['--spa without --static', ['--spa'], {}, /^tsgi: --spa: expected a folder of files[^]*--static public --spa\n$/],
    ['a variable for it', [], { TSGI_SPA: '1' }, /^tsgi: TSGI_SPA: expected a folder of files/],
    ['a static folder that is a file', ['--static', 'app.ts'], {}, /that is a file; name the folder it is in/],
    [
      'an env file that is not there',
      ['--env-file', '.env'],
      {},
      /^tsgi: --env-file \.env: there is no such file\.\n$/,
    ],
    ['a header that would break the response', ['--server-header', 'a\nb'], {}, /expected a text/],
    ['a module that is no server', ['--server', './app.ts'], {}, /that module exports no server/],
    ['a bad inspector address', ['--inspect', 'here'], {}, /--inspect here: expected an address/],
  ])('%s: exit code 2, and one screen', async (_name, flags, env, expected) => {
    using folder = new Folder({ 'app.ts': ECHO })
    const { exitCode, stderr, stdout } = await folder.run(['serve', 'app.ts', ...flags], env)
    expect(stderr).toMatch(expected)
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr.split('\n').length).toBeLessThan(8)
    expect(stderr).not.toContain('    at ')
  })

  it.each([
    [
      'an unknown key',
      '{ keepAliveTimout: "1s" }',
      /has a setting "keepAliveTimout", which there is not\.\n {2}Did you mean keepAliveTimeout\?/,
    ],
    ['a flag for a key', '{ "keep-alive-timeout": "1s" }', /Did you mean keepAliveTimeout\?/],
    [
      'a time that is a number',
      '{ keepAliveTimeout: 75 }',
      /keepAliveTimeout: 75 in tsgi\.config\.ts: expected a time with its unit/,
    ],
    ['a value of another type', '{ static: [{}] }', /static: \[\{\}\] in tsgi\.config\.ts: expected a folder/],
    [
      'what only a flag can say',
      '{ printConfig: true }',
      /cannot set printConfig; give it on the command line: --print-config/,
    ],
    ['no object', '[]', /expected its settings as the default export/],
  ])('in the config file, %s', async (_name, config, expected) => {
    using folder = new Folder({ 'app.ts': ECHO, 'tsgi.config.ts': `export default ${config}` })
    const { exitCode, stderr } = await folder.run(['serve', 'app.ts'])
    expect(stderr).toMatch(expected)
    expect(exitCode).toBe(2)
  })

  it('names an unknown command, and says what there is without one', async () => {
    using folder = new Folder()
    expect(await folder.run(['serv', 'app.ts'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('Did you mean serve?'),
    })
    expect(await folder.run([])).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('Usage: tsgi') })
    expect(await folder.run(['serve'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('There is nothing to serve.'),
    })
  })
})

describe('--check-config', () => {
  it('fails as serving would', async () => {
    using folder = new Folder({ 'app.ts': 'throw new Error("no")' })
    expect(await folder.run(['serve', 'app.ts', '--check-config'])).toMatchObject({ exitCode: 3, stdout: '' })
  })
})
