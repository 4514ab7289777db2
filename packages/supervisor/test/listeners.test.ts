/** Workers on real addresses of each kind. */
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import net from 'node:net'
import { join } from 'node:path'
import { Program } from '@tsgi/faults'
import { openListeners } from '@tsgi/listeners'
import { describe, expect, it } from 'vitest'
import { connectOptions, onTestEnd, SLOTS, start, startProgram, temporaryFolder, who } from './harness.ts'

describe('a TCP address', () => {
  it('is served on IPv4 and IPv6, by name, and at several ports at once', async () => {
    const listen = ['127.0.0.1', '::1', 'localhost'].map((host) => ({ host, port: 0 }))
    const server = await start({ listen })
    expect(server.urls[0]).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/)
    expect(server.urls[1]).toMatch(/^http:\/\/\[::1\]:\d+\/$/)
    expect(server.addresses).toHaveLength(3)
    for (const address of server.addresses) {
      const slots = await Promise.all(Array.from({ length: 20 }, () => who(address as net.NetConnectOpts)))
      expect(new Set(slots.map(({ slot }) => slot)).size).toBe(2)
    }
  })
})

describe('an address that is taken', () => {
  it('leaves nothing of the start behind, such as what watches settings', async () => {
    const taken = net.createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    onTestEnd(() => taken.close())
    const { port } = taken.address() as net.AddressInfo
    const did: string[] = []
    const renewal = { refresh: async () => {}, onChange: () => {}, close: () => did.push('closed') }
    await expect(start({ listen: [{ host: '127.0.0.1', port }], renewal })).rejects.toMatchObject({
      code: 'TSGI_ERR_BIND',
    })
    expect(did).toEqual(['closed'])
  })
})

describe('a unix socket', () => {
  it('is served by all workers, and its file is gone with the server', async () => {
    const path = join(temporaryFolder(), 'socket')
    const server = await start({ listen: [{ path }] })
    expect(server.addresses).toEqual([{ family: 'unix', path }])
    expect((await who({ path })).pid).toBeGreaterThan(0)
    await server.reload()
    expect((await who({ path })).generation).toBe(2)
    await server.close()
    expect(existsSync(path)).toBe(false)
  })

  it('that a dead server left behind is replaced', async () => {
    const path = join(temporaryFolder(), 'socket')
    const program = await startProgram({ listen: [{ path }] })
    await program.destroy()
    expect(existsSync(path)).toBe(true)
    await start({ listen: [{ path }] })
    expect((await who({ path })).pid).toBeGreaterThan(0)
  })
})

describe('an inherited descriptor', () => {
  it('is served, and is known by its address', async () => {
    const socket = new net.BoundSocket({ host: '127.0.0.1', port: 0 })
    onTestEnd(() => socket.close())
    const { port } = socket.address()
    const server = await start({ listen: [{ fd: socket.fd() }] })
    expect(server.addresses).toEqual([{ family: 'IPv4', host: '127.0.0.1', port }])
    expect((await who(connectOptions(server) as net.NetConnectOpts)).pid).toBeGreaterThan(0)
  })

  it('of a unix socket is known by its path', async () => {
    const path = join(temporaryFolder(), 'socket')
    const held = await openListeners([{ path }], false)
    onTestEnd(() => held.close())
    const [fd = -1] = held.descriptors(0)
    const server = await start({ listen: [{ fd }] })
    expect(server.addresses).toEqual([{ family: 'unix', path }])
    expect((await who({ path })).pid).toBeGreaterThan(0)
  })

  it('that this process uses for a connection cannot be listened on', async () => {
    const { port } = connectOptions(await start()) as net.TcpNetConnectOpts
    const connected = new net.Socket({ handle: new net.BoundSocket({ host: '127.0.0.1' }) })
    const fd = (connected as unknown as { readonly _handle: { readonly fd: number } })._handle.fd
    await new Promise<void>((resolve) => connected.connect(port, '127.0.0.1', resolve))
    onTestEnd(() => connected.destroy())
    await expect(start({ listen: [{ fd }] })).rejects.toThrow(`cannot listen on fd:${fd}: this process uses it already`)
  })
})

it('is one address for one program at a time, also over two programs', async () => {
  const program = await startProgram()
  const second = new Program(new URL('fixtures/server.ts', import.meta.url), {
    nodeFlags: ['--conditions=source'],
    args: [
      JSON.stringify({ settings: {}, plan: { shape: SLOTS }, listen: [{ host: '127.0.0.1', port: program.port }] }),
    ],
  })
  onTestEnd(() => second.destroy())
  await second.said(/the address is in use|another TSGI server/)
  expect((await second.ended).code).toBe(1)
  expect((await who({ port: program.port })).pid).toBeGreaterThan(0)
})
