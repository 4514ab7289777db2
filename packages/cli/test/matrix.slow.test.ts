import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Folder } from './command.ts'
import { install, project, MINE } from './matrix-setup.ts'

describe('tsgi matrix', { timeout: 60_000 }, () => {
  it('runs the frameworks of the project on the servers, and writes the grid', async () => {
    using folder = new Folder({ 'package.json': project({ dependencies: { hono: '*' } }) })
    install(folder, 'hono')
    const { exitCode, stdout, stderr } = await folder.run(['matrix', '--servers', 'event-loop', '--no-clauses'])
    expect(stderr).toMatch(/^servers: +event-loop\nframeworks: raw TSGI, WSGI style, Hono \d+\.\d+\.\d+\n/)
    expect(stderr).toMatch(/^\[3\/3\] .* on event-loop +\d+\/\d+$/m)
    expect(stdout).toMatch(/\| Hono \| ✓ 39\/39 \|/)
    expect(exitCode).toBe(0)
    expect(readFileSync(folder.file('matrix.md'), 'utf8')).toContain('| Hono | ✓ 39/39 |')
    expect(readFileSync(folder.file('matrix.html'), 'utf8')).toContain('"servers":["event-loop"]')
  })

  it('says what fails and why, of a framework and a server of the project itself', async () => {
    using folder = new Folder({
      'package.json': project({
        tsgi: { servers: ['./server.ts'], frameworks: [{ name: 'Mine', application: './mine.ts' }] },
      }),
      'mine.ts': MINE,
      'server.ts': `export const serverModule = { name: 'stub', inProcess: true, serve: async () => { throw new Error('no port for me') } }`,
      'README.md': '# Mine\n\n<!-- matrix -->\n\nold\n\n<!-- end of matrix -->\n\nmore\n',
    })
    const chosen = ['--servers', 'event-loop', 'stub', '--frameworks', 'mine', '--no-clauses']
    const { exitCode, stdout } = await folder.run(['matrix', ...chosen, '--markdown', 'README.md', '--json', 'm.json'])
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/\| Mine \| ✗ 0\/39 \| ✗ 0\/39 \|/)
    expect(stdout).toMatch(/\nMine on event-loop\n {2}text: answers text \(SPEC\.md C\.1, One function\)\n/)
    expect(stdout).toMatch(/ {4}expected {2}status: 200\n {4}got {7}501\n {4}again {5}curl -i .*\/text'\n/)
    expect(stdout).toMatch(/\nMine on stub\n[^]* {4}got {7}Error: no port for me\n[^]*38 are blocked\n/)
    const readme = readFileSync(folder.file('README.md'), 'utf8')
    expect(readme).toMatch(/^# Mine\n\n<!-- matrix -->\n\n\d+ of \d+ pass[^]*<!-- end of matrix -->\n\nmore\n$/)
    expect((JSON.parse(readFileSync(folder.file('m.json'), 'utf8')) as { cells: [] }).cells).toHaveLength(2)
  })

  it('tells of a server or a framework that cannot be loaded in its cells, and goes on with the others', async () => {
    using folder = new Folder({
      'package.json': project({ dependencies: { koa: '*' }, tsgi: { servers: ['./server.ts'] } }),
      'server.ts': `throw new Error('no such luck')`,
      // Of the project, though another one is nearer to the kit.
      'node_modules/koa/package.json': project({ name: 'koa', version: '9.9.9', exports: './koa.js' }),
      'node_modules/koa/koa.js': `export default class {}\nthrow new Error('a koa that does not load')`,
    })
    const chosen = [
      '--servers',
      'event-loop',
      `${folder.path.split('/').at(-1)}/server.ts`,
      '--frameworks',
      'koa',
      'raw',
    ]
    const { exitCode, stdout, stderr } = await folder.run(['matrix', ...chosen, '--no-clauses'])
    expect(stderr).toContain('Koa 9.9.9')
    expect(stdout).toMatch(/\| raw TSGI \| ✓ 39\/39 \| ✗ 0\/39 \|/)
    expect(stdout).toMatch(/\nKoa on event-loop\n[^]*got {7}Error: a koa that does not load\n/)
    expect(stdout).toMatch(/\nraw TSGI on .*server\.ts\n[^]*got .*server\.ts cannot be loaded: Error: no such luck/)
    expect(exitCode).toBe(1)
  })

  it('prints the routes for whoever writes an application', async () => {
    using folder = new Folder()
    const { exitCode, stdout } = await folder.run(['matrix', '--routes'])
    expect(stdout).toMatch(/^GET \/text +"Hello, World!\\n" as text\/plain/)
    expect(exitCode).toBe(0)
  })

  it.each([
    [
      [],
      { 'matrix.config.ts': 'export default { server: [] }' },
      /matrix\.config\.ts has "server".*expected servers or/,
    ],
    [
      [],
      { 'matrix.config.ts': `export default { frameworks: ['rails'] }` },
      /"rails" is no framework that comes along/,
    ],
    [[], { 'matrix.config.ts': `export default { servers: ['./none.ts'] }` }, /There is no file none\.ts/],
    [['--config', 'none.ts'], {}, /There is no file none\.ts/],
  ])('%j makes no sense, and it says why', async (args, files, message) => {
    using folder = new Folder(files)
    const { exitCode, stdout, stderr } = await folder.run(['matrix', ...args])
    expect(stderr).toMatch(message)
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
  })

  it('writes over no file that somebody wrote', async () => {
    using folder = new Folder({ 'NOTES.md': '# Notes\n' })
    const only = ['--servers', 'event-loop', '--frameworks', 'raw', '--no-clauses', '--markdown', 'NOTES.md']
    const { exitCode, stderr } = await folder.run(['matrix', ...only])
    expect(stderr).toMatch(/NOTES\.md was not made by this command.*<!-- matrix -->/)
    expect(exitCode).toBe(2)
    expect(readFileSync(folder.file('NOTES.md'), 'utf8')).toBe('# Notes\n')
  })
})
