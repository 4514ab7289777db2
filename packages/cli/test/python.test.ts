import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { Folder } from './command.ts'

const PYTHON = ['/usr/bin/python3', 'python3'].find(
  (program) => spawnSync(program, ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))']).status === 0,
)

const APP = `def application(environ, start_response):
    start_response('200 OK', [('Content-Type', 'text/plain')])
    return [b'Hello from Python']
`

describe.skipIf(PYTHON === undefined)('applications in Python', () => {
  const env = { TSGI_PYTHON: PYTHON }

  it('are served by the name of their file, and the interpreter is named', async () => {
    using folder = new Folder({ 'app.py': APP })
    await using server = folder.tsgi(['serve', 'app.py', '--port', '0'], env)
    const url = await server.url()
    expect(await (await fetch(url)).text()).toBe('Hello from Python')
    expect(server.stderr).toMatch(/Python 3\.\d+\.\d+ \(\//)
  })

  it('are asked by fetch, by the name of their module', async () => {
    using folder = new Folder({ 'shop/wsgi.py': APP })
    const { exitCode, stdout } = await folder.run(['fetch', 'python:shop.wsgi:application', '/'], env)
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'Hello from Python' })
  })

  it.each([
    [
      'app.py',
      'import nothing_of_that_name\n',
      /^tsgi: Traceback[^]*File ".*app\.py", line 1[^]*pip install nothing_of/,
    ],
    ['app.py:site', APP, /has no 'site'\. It has: application\(\)\./],
    ['app.py', 'async def app(scope, receive, send): pass\n', /is an ASGI application/],
  ])('that cannot be loaded end the command with what Python says: %s', async (name, text, expected) => {
    using folder = new Folder({ 'app.py': text })
    const { exitCode, stderr } = await folder.run(['serve', name, '--port', '0'], env)
    expect([exitCode, stderr]).toEqual([3, expect.stringMatching(expected)])
    expect(stderr).not.toContain('worker-process')
  })

  it('need an interpreter', async () => {
    using folder = new Folder({ 'app.py': APP })
    const { exitCode, stderr } = await folder.run(['serve', 'app.py', '--python', './absent'])
    expect([exitCode, stderr]).toEqual([3, expect.stringMatching(/There is no .*absent[^]*--python names it/)])
  })

  it('that return text are found by check', async () => {
    using folder = new Folder({ 'app.py': APP.replace("[b'Hello from Python']", "'Hello'") })
    const { exitCode, stdout } = await folder.run(['check', 'app.py'], env)
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining('returned a str, and PEP 3333 wants')])
  })
})
