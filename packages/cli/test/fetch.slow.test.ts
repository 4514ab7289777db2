import { writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ECHO, Folder } from './command.ts'
import { APP } from './fetch-setup.ts'

describe('tsgi fetch', () => {
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
