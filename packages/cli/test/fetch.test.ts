import { describe, expect, it } from 'vitest'
import { ECHO, Folder } from './command.ts'
import { APP } from './fetch-setup.ts'

describe('tsgi fetch', () => {
  it('makes one request and prints the body', async () => {
    using folder = new Folder({ 'app.ts': ECHO })
    const { exitCode, stdout, stderr } = await folder.run(['fetch', 'app.ts', '/a%20b?c=d', '-H', 'X-Test: 1'])
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(JSON.parse(stdout)).toMatchObject({
      requestMethod: 'GET',
      pathInfo: '/a%20b',
      queryString: 'c=d',
      serverName: 'localhost',
      runOnce: true,
      nodeEnv: 'development',
      headers: expect.arrayContaining(['x-test', '1']),
    })
  })

  it('exits with 22 outside 2xx', async () => {
    using folder = new Folder({ 'app.ts': APP })
    expect(await folder.run(['fetch', 'app.ts:missing', '/'])).toEqual({ exitCode: 22, stdout: 'not here', stderr: '' })
    const failed = await folder.run(['fetch', 'app.ts:failing', '/'])
    expect(failed).toMatchObject({ exitCode: 22, stderr: expect.stringMatching(/it failed\n +at .*app\.ts:\d+/) })
  })

  it.each([[['/', '-H', 'no colon'], /expected a field such as/]])(
    'refuses %j with exit code 2',
    async (args, expected) => {
      using folder = new Folder({ 'app.ts': ECHO })
      expect(await folder.run(['fetch', 'app.ts', ...args])).toMatchObject({
        exitCode: 2,
        stderr: expect.stringMatching(expected),
      })
    },
  )
})
