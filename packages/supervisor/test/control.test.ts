import { statSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { control, openControl, type SupervisedServer } from '../src/index.ts'
import { onTestEnd, script, type Script, start, temporaryFolder, who } from './harness.ts'

interface Controlled {
  readonly server: SupervisedServer
  readonly path: string
  readonly how: Script
}

async function controlled(): Promise<Controlled> {
  const path = join(temporaryFolder(), 'control')
  const how = script()
  const server = await start({ script: how })
  const socket = await openControl(path, {
    status: () => server.status(),
    reload: () => server.reload(),
    scale: (to) => server.scale(to),
    stop: (graceful) => server.close({ graceful }),
  })
  onTestEnd(() => socket.close())
  return { server, path, how }
}

function raw(path: string, text: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(path, () => socket.write(text))
    socket.once('data', (data) => {
      socket.destroy()
      resolve(JSON.parse(String(data)))
    })
    socket.once('error', reject)
  })
}

describe('a control socket', () => {
  it('tells the status', async () => {
    const { path, server } = await controlled()
    const { pid } = await who(server)
    const { workers, generation } = await control(path, { command: 'status' })
    expect(generation).toBe(1)
    expect(workers.map((worker) => worker.pid)).toContain(pid)
  })

  it('reloads, and tells when that fails', async () => {
    const { path, server, how } = await controlled()
    how.set('v2')
    await control(path, { command: 'reload' })
    expect((await who(server)).version).toBe('v2')
    how.set('throw')
    await expect(control(path, { command: 'reload' })).rejects.toMatchObject({
      name: 'ControlError',
      code: 'TSGI_ERR_APP_LOAD',
      message: 'this application is broken',
    })
  })

  it('scales, within reason', async () => {
    const { path, server } = await controlled()
    await control(path, { command: 'scale', to: 3 })
    expect(server.size).toBe(3)
    await expect(control(path, { command: 'scale', to: 0.5 })).rejects.toMatchObject({ code: 'TSGI_ERR_OPTION' })
  })

  it('stops, and answers when all is over', async () => {
    const { path, server } = await controlled()
    expect(await control(path, { command: 'stop' })).toEqual({ cutOff: 0 })
    expect((await server.status()).phase).toBe('ended')
  })

  it('can be opened by its owner only', async () => {
    const before = process.umask()
    const { path } = await controlled()
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(process.umask()).toBe(before)
  })

  it('refuses what it does not know', async () => {
    const { path } = await controlled()
    for (const text of [
      '{"command":"explode"}\n',
      'nonsense\n',
      '[]\n',
      '{"command":"scale","to":"3"}\n',
      '{"command":"stop","graceful":-1}\n',
    ]) {
      expect(await raw(path, text)).toMatchObject({ error: { code: 'TSGI_ERR_OPTION' } })
    }
  })

  it('is not taken from a server that lives, nor put in the place of a file', async () => {
    const { path, server } = await controlled()
    const actions = {
      status: () => server.status(),
      reload: () => server.reload(),
      scale: () => {},
      stop: () => server.close(),
    }
    await expect(openControl(path, actions)).rejects.toMatchObject({ code: 'TSGI_ERR_BIND' })
    const file = join(temporaryFolder(), 'file')
    writeFileSync(file, 'precious')
    await expect(openControl(file, actions)).rejects.toThrow('there is a file that is not a socket')
  })

  it('that nobody serves says so', async () => {
    const path = join(temporaryFolder(), 'control')
    await expect(control(path, { command: 'status' })).rejects.toMatchObject({
      code: 'ENOENT',
      message: `no server is running with the control socket ${path}`,
    })
  })

  it('whose server ends without a word says so', async () => {
    const path = join(temporaryFolder(), 'control')
    const server = net.createServer((socket) => socket.once('data', () => socket.destroy()))
    await new Promise<void>((resolve) => server.listen(path, resolve))
    onTestEnd(() => server.close())
    await expect(control(path, { command: 'reload' })).rejects.toThrow('ended without a reply')
  })
})
