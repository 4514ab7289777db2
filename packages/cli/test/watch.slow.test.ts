import { once } from 'node:events'
import { existsSync, renameSync, statSync, symlinkSync } from 'node:fs'
import net from 'node:net'
import { describe, expect, it } from 'vitest'
import { Folder } from './command.ts'
import { getOver } from './get-over.ts'
import { NODE_MODULES, APP, word } from './watch-setup.ts'

describe('--watch', () => {
  it('sees a file that is replaced, as editors do it', async () => {
    using folder = new Folder({ 'app.ts': APP, ...word('one') })
    await using tsgi = folder.tsgi(['serve', 'app.ts', '-p', '0', '--watch'])
    await tsgi.url()
    folder.write({ 'word.ts~': `export const word = 'two'\n` })
    renameSync(folder.file('word.ts~'), folder.file('word.ts'))
    await tsgi.url(2)
    expect(await (await tsgi.get('/')).text()).toMatch(/^two/)
  })

  it('sees what it is asked to besides: a file, and all files of a folder', async () => {
    using folder = new Folder({ 'app.ts': APP, ...word('one'), 'data.json': '{}', 'pages/deep/a.html': 'a' })
    const args = ['--watch', '--watch-path', 'data.json', '--watch-path', 'pages']
    await using tsgi = folder.tsgi(['serve', 'app.ts', '-p', '0', ...args])
    await tsgi.url()
    folder.write({ 'data.json': '[]' })
    await tsgi.said(/data\.json changed/)
    await tsgi.url(2)
    folder.write({ 'pages/deep/a.html': 'b' })
    await tsgi.said(/a\.html changed/)
    await tsgi.url(3)
    const missing = await folder.run(['serve', 'app.ts', '-p', '0', '--watch', '--watch-path', 'nowhere'])
    expect(missing.stderr).toMatch(/--watch-path .*nowhere: there is no such file or folder/)
    const idle = await folder.run(['serve', 'app.ts', '-p', '0', '--watch-path', 'pages'])
    expect(idle.stderr).toContain('--watch-path: nothing is watched.')
  })

  it('does not mind what else happens in the folder', async () => {
    using folder = new Folder({ 'app.ts': APP, ...word('one'), 'data.sqlite': '', 'other.ts': '' })
    await using tsgi = folder.tsgi(['dev', 'app.ts', '-p', '0'])
    await tsgi.url()
    folder.write({ 'data.sqlite': 'changed', 'other.ts': 'changed', 'new.ts': 'new' })
    // A change that counts, after those that do not: had they counted, there would be more restarts than one.
    folder.write(word('two'))
    await tsgi.url(2)
    expect(await (await tsgi.get('/')).text()).toMatch(/^two/)
    await tsgi.stop('SIGINT')
    expect(tsgi.stderr.match(/starting again/g)).toHaveLength(1)
    expect(tsgi.stderr).toContain('word.ts changed')
  })

  it('refuses nobody meanwhile: connections wait', async () => {
    using folder = new Folder({
      'app.ts': `await new Promise((resolve) => setTimeout(resolve, 300))\n${APP}`,
      ...word('one'),
    })
    await using tsgi = folder.tsgi(['dev', 'app.ts', '-p', '0'])
    const url = await tsgi.url()
    folder.write(word('two'))
    await tsgi.said(/starting again/)
    const answers = await Promise.all(
      Array.from({ length: 10 }, async () => (await fetch(url, { headers: { connection: 'close' } })).text()),
    )
    for (const answer of answers) expect(answer).toMatch(/^(one|two)/)
  })

  it('waits for a change after an application that does not load', async () => {
    using folder = new Folder({ 'app.ts': APP, ...word('one') })
    await using tsgi = folder.tsgi(['dev', 'app.ts', '-p', '0'])
    await tsgi.url()
    folder.write({ 'word.ts': 'export const word = nothing\n' })
    await tsgi.said(/nothing is not defined[^]*waiting for a change/)
    folder.write(word('mended'))
    await tsgi.url(2)
    expect(await (await tsgi.get('/')).text()).toMatch(/^mended/)
  })

  it('waits for a change when it does not load from the start', async () => {
    using folder = new Folder({ 'app.ts': 'throw new Error("not yet")', ...word('one') })
    await using tsgi = folder.tsgi(['dev', 'app.ts', '-p', '0'])
    await tsgi.said(/not yet[^]*waiting for a change/)
    folder.write({ 'app.ts': APP })
    expect(await (await tsgi.get('/')).text()).toMatch(/^one/)
    expect(await tsgi.stop('SIGINT')).toBe(0)
  })

  it('leaves no server behind when it is killed', async () => {
    using folder = new Folder({ 'app.ts': APP, ...word('one') })
    await using tsgi = folder.tsgi(['dev', 'app.ts', '-p', '0'])
    const url = await tsgi.url()
    const client = net.connect(Number(new URL(url).port), '127.0.0.1')
    await once(client, 'connect')
    tsgi.signal('SIGKILL')
    // Its output closes only when the serving process, which shares it, has ended as well.
    await tsgi.exit
    client.destroy()
    await expect(fetch(url)).rejects.toThrow()
  })

  it.each([
    ['a wrong flag', ['--backlog', 'x'], 2],
    ['a missing file', ['./nowhere.ts'], 3],
  ])('does not wait where no change could help: %s', async (_name, args, exitCode) => {
    using folder = new Folder({ 'app.ts': APP, ...word('one') })
    expect(
      await folder.run(['dev', ...(args[0]?.startsWith('-') ? ['app.ts', ...args] : args), '-p', '0']),
    ).toMatchObject({ exitCode })
  })

  it.runIf(process.platform === 'linux')(
    'keeps a unix socket over restarts, and removes its file at the end',
    async () => {
      using folder = new Folder({ 'app.ts': APP, ...word('one') })
      await using tsgi = folder.tsgi(['dev', 'app.ts', '-b', 'unix:socket', '--socket-mode', '600'])
      await tsgi.said(/listening on http\+unix:/)
      const path = folder.file('socket')
      expect(await getOver(path)).toMatch(/^one/)
      const { ino, mode } = statSync(path)
      expect(mode & 0o777).toBe(0o600)
      folder.write(word('two'))
      await tsgi.said(/word\.ts changed; starting again/)
      // Not one client is refused: the socket is held by the process that watches.
      await expect.poll(() => getOver(path), { timeout: 20_000 }).toMatch(/^two/)
      expect(statSync(path).ino).toBe(ino)
      expect(await tsgi.stop('SIGTERM')).toBe(0)
      expect(existsSync(path)).toBe(false)
    },
  )

  it('names an address that is taken', async () => {
    const other = net.createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as net.AddressInfo
    using folder = new Folder({ 'app.ts': APP, ...word('one') })
    const { exitCode, stderr } = await folder.run(['dev', 'app.ts', '-p', String(port)])
    other.close()
    expect(exitCode).toBe(4)
    expect(stderr).toContain(`cannot listen on 127.0.0.1:${port}`)
  })

  it('follows the config file and env files too', async () => {
    using folder = new Folder({
      'app.ts': `export default (environ, startResponse) => { startResponse(200, []); return process.env.WORD }`,
      'tsgi.config.ts': 'export default { port: 0, serverHeader: "one" }',
      '.env': 'WORD=one',
    })
    await using tsgi = folder.tsgi(['dev', 'app.ts', '--env-file', '.env'])
    const first = await tsgi.get('/')
    expect([first.headers.get('server'), await first.text()]).toEqual(['one', 'one'])
    folder.write({ '.env': 'WORD=two' })
    await tsgi.url(2)
    folder.write({ 'tsgi.config.ts': 'export default { port: 0, serverHeader: "two" }' })
    await tsgi.url(3)
    const second = await tsgi.get('/')
    expect([second.headers.get('server'), await second.text()]).toEqual(['two', 'two'])
  })

  it('follows what tsx loads', async () => {
    using folder = new Folder({ 'app.ts': APP.replace('./word.ts', './word'), ...word('one'), 'package.json': '{}' })
    symlinkSync(NODE_MODULES, folder.file('node_modules'))
    await using tsgi = folder.tsgi(['dev', 'app.ts', '-p', '0', '--import', 'tsx'])
    expect(await (await tsgi.get('/')).text()).toMatch(/^one/)
    folder.write(word('two'))
    await tsgi.url(2)
    expect(await (await tsgi.get('/')).text()).toMatch(/^two/)
  })

  it('can be turned off', async () => {
    using folder = new Folder({ 'app.ts': 'throw new Error("no")' })
    expect(await folder.run(['dev', 'app.ts', '--no-watch'])).toMatchObject({ exitCode: 3 })
  })
})
