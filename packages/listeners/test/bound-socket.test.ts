/** Both ways to bind a socket ahead: Node's own, and the one for a Node that does not have it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import net from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { bindByHandle, bindSocket } from '../src/bound-socket.ts'
import { temporaryFolder } from './world.ts'

describe.each([
  ['bindSocket', bindSocket],
  ['bindByHandle', bindByHandle],
])('%s', (_, bind) => {
  it('binds an address that a child can listen on', async () => {
    using socket = bind({ host: '127.0.0.1', port: 0 })
    const { port } = socket.address() as net.AddressInfo
    expect(port).toBeGreaterThan(0)
    const program = `require('net').createServer((socket) => socket.end('child')).listen({ fd: 3 }, () => console.log())`
    const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit', socket.fd()] })
    onTestFinished(() => void child.kill())
    await once(child.stdout as NonNullable<typeof child.stdout>, 'data')
    const [text] = await once(net.connect(port, '127.0.0.1'), 'data')
    expect(String(text)).toBe('child')
  })

  it('shares a port with reusePort', () => {
    using first = bind({ host: '127.0.0.1', port: 0, reusePort: true })
    const { port } = first.address() as net.AddressInfo
    using second = bind({ host: '127.0.0.1', port, reusePort: true })
    expect(second.address()).toEqual(first.address())
  })

  it('refuses a port on which another program listens', async () => {
    const server = net.createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void server.close())
    await once(server, 'listening')
    const { port } = server.address() as net.AddressInfo
    expect(() => bind({ host: '127.0.0.1', port })).toThrow(expect.objectContaining({ code: 'EADDRINUSE' }))
  })

  it('refuses an address that this machine does not have', () => {
    expect(() => bind({ host: '192.0.2.1', port: 0 })).toThrow(expect.objectContaining({ code: 'EADDRNOTAVAIL' }))
  })

  it('binds a path, once', () => {
    const path = join(temporaryFolder(), 'socket')
    using socket = bind({ path })
    expect(socket.fd()).toBeGreaterThan(2)
    expect(socket.address()).toBe(null)
    expect(() => bind({ path })).toThrow(expect.objectContaining({ code: 'EADDRINUSE' }))
  })
})
