import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import net from 'node:net'
import { describe, expect, it } from 'vitest'
import { Folder } from './command.ts'
import { APP, startStream } from './lifetime-setup.ts'

describe('stopping', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('on %s finishes what is in flight, and exits with 0', async (signal) => {
    using folder = new Folder({ 'app.ts': APP })
    await using tsgi = folder.tsgi(['serve', 'app.ts', '-p', '0'])
    const rest = await startStream(tsgi)
    tsgi.signal(signal)
    await tsgi.said(new RegExp(`${signal}: stopping`))
    await expect(fetch(await tsgi.url())).rejects.toThrow()
    folder.write({ open: '' })
    expect(await rest()).toBe('last')
    expect(await tsgi.exit).toBe(0)
  })

  it('cuts off what takes longer than the graceful timeout, and exits with 5', async () => {
    using folder = new Folder({ 'app.ts': APP })
    await using tsgi = folder.tsgi(['serve', 'app.ts', '-p', '0', '--graceful-timeout', '100ms'])
    const rest = await startStream(tsgi)
    tsgi.signal('SIGTERM')
    await expect(rest()).rejects.toThrow()
    expect(await tsgi.exit).toBe(5)
    expect(tsgi.stderr).toContain('1 response was cut off')
  })

  it('QUIT exits with 0 although an idle client keeps its side open', async () => {
    using folder = new Folder({ 'app.ts': APP })
    await using tsgi = folder.tsgi(['serve', 'app.ts', '-p', '0'])
    const { hostname, port } = new URL(await tsgi.url())
    const client = net.connect({ host: hostname, port: Number(port), allowHalfOpen: true })
    client.on('error', () => {})
    client.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n')
    await once(client, 'data')
    tsgi.signal('SIGQUIT')
    expect(await tsgi.exit).toBe(0)
    expect(tsgi.stderr).not.toContain('did not end its shutdown')
    client.destroy()
  })
})

describe('errors of the application', () => {
  it('in a handler cost one 500 and one logged stack', async () => {
    using folder = new Folder({ 'app.ts': APP })
    await using tsgi = folder.tsgi(['serve', 'app.ts', '-p', '0'])
    const response = await tsgi.get('/throw')
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain('thrown in the handler')
    await tsgi.said(/thrown in the handler/)
    expect(await (await tsgi.get('/')).text()).toBe('fine')
    await tsgi.stop()
    expect(tsgi.stderr.match(/Error: thrown in the handler/g)).toHaveLength(1)
    expect(tsgi.stderr).toMatch(/app\.ts:\d+/)
  })
})

describe('an application that cannot start', () => {
  it.each([
    [
      'throws while loading',
      'throw new Error("no database")',
      /^tsgi: app\.ts threw while it was loading:\n\n {2} {2}Error: no database\n {4}at app\.ts:1:7\n$/,
    ],
    [
      'has no usable export',
      'export default {}',
      /^tsgi: app\.ts exports no application as default, app or application\./,
    ],
  ])('because it %s: exit code 3, said once', async (_name, source, expected) => {
    using folder = new Folder({ 'app.ts': `${source}\n` })
    const { exitCode, stderr } = await folder.run(['serve', 'app.ts', '-p', '0', '--pid-file', 'pid'])
    expect(stderr).toMatch(expected)
    expect(exitCode).toBe(3)
    expect(existsSync(folder.file('pid'))).toBe(false)
  })
})

describe('an address that cannot be bound', () => {
  it('is named, with exit code 4', async () => {
    const other = net.createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as net.AddressInfo
    using folder = new Folder({ 'app.ts': APP })
    const { exitCode, stderr } = await folder.run(['serve', 'app.ts', '-p', String(port)])
    other.close()
    expect(stderr).toContain(`127.0.0.1:${port}`)
    expect(stderr.trim().split('\n').length).toBeLessThan(4)
    expect(exitCode).toBe(4)
  })
})

describe('--pid-file', () => {
  it('holds the id while serving, and goes with the process', async () => {
    using folder = new Folder({ 'app.ts': APP })
    await using tsgi = folder.tsgi(['serve', 'app.ts', '-p', '0', '--pid-file', 'pid'])
    await tsgi.url()
    expect(readFileSync(folder.file('pid'), 'utf8')).toBe(`${tsgi.child.pid}\n`)
    await tsgi.stop()
    expect(existsSync(folder.file('pid'))).toBe(false)
  })
})
