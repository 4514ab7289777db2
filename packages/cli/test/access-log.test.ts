/** The access log in a file. */
import { readFileSync, renameSync } from 'node:fs'
import { describe, expect, it, vi } from 'vitest'
import { Folder } from './command.ts'

const APP = `export default async ({ pathInfo }, startResponse) => {
  if (pathInfo === '/slow') await new Promise((resolve) => setTimeout(resolve, 60))
  startResponse(200, [])
  return 'hello'
}`

describe('the access log in a file', () => {
  it('is opened again at USR1, with lines of one’s own, beside slow requests', async () => {
    using folder = new Folder({ 'app.ts': APP })
    const format = ['--access-log-file', 'access', '--access-log-format', '$request_method $uri %(s)s']
    await using tsgi = folder.tsgi(['serve', 'app.ts', '-p', '0', '--slow-request', '50ms', ...format])
    const read = (name: string) => readFileSync(folder.file(name), 'utf8')
    await (await tsgi.get('/one')).text()
    await vi.waitUntil(() => read('access') === 'GET /one 200\n')
    renameSync(folder.file('access'), folder.file('access.1'))
    tsgi.signal('SIGUSR1')
    await tsgi.said(/the access log access was opened again/)
    await (await tsgi.get('/slow?token=secret')).text()
    await vi.waitUntil(() => read('access') === 'GET /slow 200\n')
    expect(read('access.1')).toBe('GET /one 200\n')
    await tsgi.said(/slow request: GET \/slow took 0\.\d\d s/)
    expect(tsgi.stderr).not.toMatch(/secret|Debugger/)
    expect(await tsgi.stop()).toBe(0)
  })

  it('is opened again while the application still starts', async () => {
    using folder = new Folder({
      'app.ts': `import { existsSync } from 'node:fs'
process.stderr.write('starting')
while (!existsSync('go')) await new Promise((resolve) => setTimeout(resolve, 5))
${APP}`,
    })
    await using tsgi = folder.tsgi(['serve', 'app.ts', '-p', '0', '--access-log-file', 'access'])
    await tsgi.said(/starting/)
    renameSync(folder.file('access'), folder.file('access.1'))
    tsgi.signal('SIGUSR1')
    await tsgi.said(/the access log access was opened again/)
    folder.write({ go: '' })
    await (await tsgi.get('/')).text()
    await vi.waitUntil(() => readFileSync(folder.file('access'), 'utf8') !== '')
    expect(readFileSync(folder.file('access.1'), 'utf8')).toBe('')
  })

  it.each([
    [
      'a folder that is not there',
      ['--access-log-file', 'nowhere/access'],
      /--access-log-file nowhere\/access: cannot be opened: ENOENT/,
    ],
    [
      'a field that is not known',
      ['--access-log-format', '$nothing'],
      /the field \$nothing is not known here\.\n  Known: /,
    ],
  ])('is refused at the start with %s', async (_what, args, expected) => {
    using folder = new Folder({ 'app.ts': APP })
    const { exitCode, stderr } = await folder.run(['serve', 'app.ts', '-p', '0', ...args])
    expect(stderr).toMatch(expected)
    expect(exitCode).toBe(2)
  })
})
