import { writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ECHO, Folder } from './command.ts'

const APP = `
export const count = async (environ, startResponse) => {
  let bytes = 0
  for await (const chunk of environ.input) bytes += chunk.length
  startResponse(201, ['x-bytes', String(bytes)])
  return environ.requestMethod + ' ' + bytes
}
export const missing = (environ, startResponse) => { startResponse(404, []); return 'not here' }
export const failing = (environ, startResponse) => { throw new Error('it failed') }
export const broken = (environ, startResponse) => {
  startResponse(200, [])
  return (function* () { yield 'half'; throw new Error('the other half') })()
}
export const rich = (environ, startResponse) => {
  environ.server.earlyHints?.(['link', '</a.css>; rel=preload'])
  environ.server.trailers?.(() => ['x-sum', '42'])
  startResponse(200, ['set-cookie', 'a=1', 'set-cookie', 'b=2'])
  return (function* () { yield 'body' })()
}
export const hooked = Object.assign((environ, startResponse) => { startResponse(200, []); return 'answered ' }, {
  startup() { process.stdout.write('started ') },
  async shutdown() { process.stdout.write('ended') },
})
`

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

  it('takes the host of a whole URL, and one -H before it', async () => {
    using folder = new Folder({ 'app.ts': ECHO })
    const seen = async (...args: string[]) =>
      JSON.parse((await folder.run(['fetch', 'app.ts', ...args])).stdout) as object
    expect(await seen('http://example.org:8080/x')).toMatchObject({
      serverName: 'example.org',
      serverPort: 8080,
      pathInfo: '/x',
    })
    expect(await seen('/', '-H', 'Host: example.com')).toMatchObject({ serverName: 'example.com' })
  })

  it.each([
    ['a text', ['-d', 'a=1&b=2'], 'POST 7'],
    ['a file', ['-d', '@body.bin'], 'POST 300000'],
    ['another method', ['-d', 'x', '-X', 'PUT'], 'PUT 1'],
  ])('sends %s', async (_name, flags, expected) => {
    using folder = new Folder({ 'app.ts': APP })
    writeFileSync(folder.file('body.bin'), Buffer.alloc(300_000))
    expect(await folder.run(['fetch', 'app.ts:count', '/', ...flags])).toMatchObject({ exitCode: 0, stdout: expected })
  })

  it('sends standard input', async () => {
    using folder = new Folder({ 'app.ts': APP })
    await using tsgi = folder.tsgi(['fetch', 'app.ts:count', '/', '-d', '@-'], {}, { stdio: 'pipe' })
    tsgi.child.stdin?.end(Buffer.alloc(100_000))
    expect(await tsgi.exit).toBe(0)
    expect(tsgi.stdout).toBe('POST 100000')
  })

  it('exits with 22 outside 2xx', async () => {
    using folder = new Folder({ 'app.ts': APP })
    expect(await folder.run(['fetch', 'app.ts:missing', '/'])).toEqual({ exitCode: 22, stdout: 'not here', stderr: '' })
    const failed = await folder.run(['fetch', 'app.ts:failing', '/'])
    expect(failed).toMatchObject({ exitCode: 22, stderr: expect.stringMatching(/it failed\n +at .*app\.ts:\d+/) })
  })

  it('does not take half a response for a whole one', async () => {
    using folder = new Folder({ 'app.ts': APP })
    const { exitCode, stderr } = await folder.run(['fetch', 'app.ts:broken', '/'])
    expect(exitCode).toBe(1)
    expect(stderr).toContain('the response broke off; what came of it is not whole')
  })

  it('shows both heads with -v, early hints and trailers too', async () => {
    using folder = new Folder({ 'app.ts': APP })
    const { stdout, stderr } = await folder.run(['fetch', 'app.ts:rich', '/x', '-v'])
    expect(stdout).toBe('body')
    expect(stderr).toMatch(/^> GET \/x HTTP\/1\.1\n> host: localhost\n/)
    for (const line of [
      '< HTTP/1.1 103 Early Hints',
      '< HTTP/1.1 200 OK',
      '< set-cookie: a=1',
      '< set-cookie: b=2',
      '< x-sum: 42',
    ]) {
      expect(stderr.split('\n')).toContain(line)
    }
  })

  it('runs the startup before and the shutdown after', async () => {
    using folder = new Folder({ 'app.ts': APP })
    expect(await folder.run(['fetch', 'app.ts:hooked', '/'])).toMatchObject({
      exitCode: 0,
      stdout: 'started answered ended',
    })
  })

  it('asks static files first, as serving does', async () => {
    using folder = new Folder({ 'app.ts': APP, 'public/a.txt': 'a file' })
    expect(await folder.run(['fetch', 'app.ts:missing', '/a.txt', '--static', 'public'])).toMatchObject({
      exitCode: 0,
      stdout: 'a file',
    })
  })

  it.each([
    [['/', '-H', 'no colon'], /expected a field such as/],
    [['/', '-H', 'a: b\r\nc: d'], /expected a field such as/],
    [['no-slash'], /begins with a slash/],
    [['/', '-d', '@nowhere'], /--data @nowhere: there is no such file/],
  ])('refuses %j with exit code 2', async (args, expected) => {
    using folder = new Folder({ 'app.ts': ECHO })
    expect(await folder.run(['fetch', 'app.ts', ...args])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(expected),
    })
  })
})
