import { describe, expect, it } from 'vitest'
import { Folder } from './command.ts'

describe('tsgi matrix', { timeout: 60_000 }, () => {
  it('lists who takes part', async () => {
    using folder = new Folder({
      'matrix.config.ts': `export default { servers: ['node:http', './mine.ts'], frameworks: ['raw'] }`,
      'mine.ts': `export default { name: 'mine', inProcess: true, serve() {} }`,
    })
    expect(await folder.run(['matrix', '--list'])).toEqual({
      exitCode: 0,
      stdout: 'servers:    node:http, mine\nframeworks: raw TSGI\n',
      stderr: '',
    })
  })

  it.each([
    [
      ['--servers', 'apache'],
      {},
      /--servers apache: nobody of that name takes part here; there are node:http, event-loop/,
    ],
  ])('%j makes no sense, and it says why', async (args, files, message) => {
    using folder = new Folder(files)
    const { exitCode, stdout, stderr } = await folder.run(['matrix', ...args])
    expect(stderr).toMatch(message)
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
  })
})
