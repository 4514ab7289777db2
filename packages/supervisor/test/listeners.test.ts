/** Binding real addresses: which are taken, which may be replaced, who may have them. */
import { spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { join } from 'node:path'
import { Program, until } from '@tsgi/faults'
import { describe, expect, it } from 'vitest'
import { openListeners } from '../src/listeners/listeners.ts'
import { bindSocket } from '../src/listeners/bound-socket.ts'
import { nameOf } from '../src/listeners/reservation.ts'
import { connectOptions, onTestEnd, order, SLOTS, start, startProgram, temporaryFolder, who } from './harness.ts'

function listening(target: net.ListenOptions): Promise<net.Server> {
  return new Promise((resolve, reject) => {
    const server = net.createServer((socket) => {
      socket.on('error', () => {})
      socket.end('somebody else')
    })
    server.once('error', reject)
    server.listen(target, () => resolve(server))
    onTestEnd(() => server.close())
  })
}

async function freePort(): Promise<number> {
  const server = await listening({ host: '127.0.0.1', port: 0 })
  const port = portOf(server)
  await new Promise((resolve) => server.close(resolve))
  return port
}

const portOf = (server: net.Server): number => (server.address() as net.AddressInfo).port

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

  it('that another program has is not bound', async () => {
    const port = portOf(await listening({ host: '127.0.0.1', port: 0 }))
    await expect(start({ listen: [{ host: '127.0.0.1', port }] })).rejects.toMatchObject({
      code: 'TSGI_ERR_BIND',
      message: `cannot listen on 127.0.0.1:${port}: the address is in use. Stop the program that listens there, or choose another.`,
    })
  })

  it('that another program shares by SO_REUSEPORT is not joined', async () => {
    const port = portOf(await listening({ host: '127.0.0.1', port: 0, reusePort: true }))
    await expect(start({ listen: [{ host: '127.0.0.1', port }] })).rejects.toMatchObject({ code: 'TSGI_ERR_BIND' })
  })

  it('of another supervisor is not joined, not even while its workers are still loading', async () => {
    const target = { host: '127.0.0.1', port: await freePort() }
    const first = await openListeners([target], true)
    onTestEnd(() => first.close())
    await expect(openListeners([target], true)).rejects.toMatchObject({
      code: 'TSGI_ERR_BIND',
      message: expect.stringContaining('another TSGI server has it, or is just starting there'),
    })
  })

  it.skipIf(process.platform !== 'linux' || process.geteuid?.() !== 0)(
    'is bound though a stranger has the name that supervisors claim, and is then not joined',
    async () => {
      const port = await freePort()
      const program = `
        require('node:net').createServer().listen('\\0${nameOf({ host: '127.0.0.1', port }, 0)}', () => console.log('bound'))`
      const stranger = spawn(process.execPath, ['-e', program], {
        uid: 65_534,
        gid: 65_534,
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      onTestEnd(() => stranger.kill())
      await new Promise((resolve) => stranger.stdout.once('data', resolve))
      const listen = [{ host: '127.0.0.1', port }]
      expect((await who(await start({ listen }))).pid).toBeGreaterThan(0)
      await expect(start({ listen })).rejects.toThrow('another TSGI server has it')
    },
  )

  it('can be bound again at once after a close', async () => {
    const target = { host: '127.0.0.1', port: 0 }
    const first = await openListeners([target], true)
    first.descriptors(3)
    const [address] = first.addresses
    const again = { host: '127.0.0.1', port: address?.family === 'IPv4' ? address.port : 0 }
    first.close()
    await until('the port to be free', async () => {
      const second = await openListeners([again], true).catch(() => null)
      second?.close()
      return second !== null
    })
  })

  it('that this machine does not have, or whose name is unknown, is told so', async () => {
    await expect(start({ listen: [{ host: '203.0.113.1', port: 0 }] })).rejects.toThrow(
      'this machine has no such address',
    )
    await expect(start({ listen: [{ host: 'no-such-host.invalid', port: 0 }] })).rejects.toThrow(
      'the host name is unknown',
    )
  })

  it('leaves nothing bound when another of the list cannot be', async () => {
    const port = portOf(await listening({ host: '127.0.0.1', port: 0 }))
    const path = join(temporaryFolder(), 'socket')
    await expect(start({ listen: [{ path }, { host: '127.0.0.1', port }] })).rejects.toMatchObject({
      code: 'TSGI_ERR_BIND',
    })
    expect(existsSync(path)).toBe(false)
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

  it('that another program listens on is not taken', async () => {
    const path = join(temporaryFolder(), 'socket')
    await listening({ path })
    await expect(start({ listen: [{ path }] })).rejects.toThrow('another program listens there')
    expect(await order({ path }, 'who')).toBe('somebody else')
  })

  it('of a supervisor whose workers are still loading is not taken', async () => {
    const path = join(temporaryFolder(), 'socket')
    const first = await openListeners([{ path }], false)
    onTestEnd(() => first.close())
    await expect(start({ listen: [{ path }] })).rejects.toThrow('another TSGI server has it')
    expect(existsSync(path)).toBe(true)
  })

  it('is not put in the place of a file, and needs a folder', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'file'), 'precious')
    await expect(start({ listen: [{ path: join(folder, 'file') }] })).rejects.toThrow(
      'there is a file that is no socket',
    )
    await expect(start({ listen: [{ path: join(folder, 'none', 'socket') }] })).rejects.toThrow('there is no folder')
  })

  it('whose file was replaced by somebody else is left to them', async () => {
    const folder = temporaryFolder()
    const listeners = await openListeners([{ path: join(folder, 'socket') }], false)
    writeFileSync(join(folder, 'other'), 'of somebody else')
    renameSync(join(folder, 'other'), join(folder, 'socket'))
    listeners.close()
    expect(readdirSync(folder)).toEqual(['socket'])
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
    const socket = bindSocket({ path })
    onTestEnd(() => socket.close())
    const server = await start({ listen: [{ fd: socket.fd() }] })
    expect(server.addresses).toEqual([{ family: 'unix', path }])
    expect((await who({ path })).pid).toBeGreaterThan(0)
  })

  it('that is none, or no socket, or none that can listen, is told so', async () => {
    await expect(start({ listen: [{ fd: 987 }] })).rejects.toThrow('cannot listen on fd:987: it is no open descriptor')
    const file = openSync('/dev/null', 'r')
    onTestEnd(() => closeSync(file))
    await expect(start({ listen: [{ fd: file }] })).rejects.toThrow(`cannot listen on fd:${file}: it is no socket`)
    const { port } = connectOptions(await start()) as net.TcpNetConnectOpts
    const connected = new net.Socket({ handle: new net.BoundSocket({ host: '127.0.0.1' }) })
    const fd = (connected as unknown as { readonly _handle: { readonly fd: number } })._handle.fd
    await new Promise<void>((resolve) => connected.connect(port, '127.0.0.1', resolve))
    onTestEnd(() => connected.destroy())
    await expect(openListeners([{ fd }], true)).rejects.toThrow('cannot listen')
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
