import { once } from 'node:events'
import net from 'node:net'
import { freePort } from '@tsgi/free-port'
import { describe, expect, it } from 'vitest'
import { scrape, site } from './second-server-setup.ts'

describe('a second server of the application', () => {
  it('whose port is taken stops the start, with the error', async () => {
    const other = net.createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as net.AddressInfo
    using folder = site()
    const { exitCode, stderr } = await folder.run(['serve', 'app.ts', '-p', '0'], { METRICS: String(port) })
    other.close()
    expect(exitCode).toBe(3)
    expect(stderr).toContain(`EADDRINUSE: address already in use 127.0.0.1:${port}`)
  })

  it.each([
    ['cluster', ['-w', '2']],
    ['process', ['--spare', '2']],
  ])('shares its port among the processes of a %s server, over a reload', async (server, flags) => {
    const port = await freePort()
    using folder = site()
    const args = ['serve', 'app.ts', '-p', '0', '--server', server, ...flags]
    await using tsgi = folder.tsgi(args, { METRICS: String(port) })
    expect(await (await tsgi.get('/x')).text()).toBe('app')
    const pid = await scrape(port)
    expect(pid).toMatch(/^metrics of \d+$/)
    tsgi.signal('SIGHUP')
    await tsgi.said(/reloaded: generation 2 serves/)
    expect(await (await tsgi.get('/x')).text()).toBe('app')
    expect(await tsgi.stop()).toBe(0)
    expect(tsgi.stderr).not.toContain('EADDRINUSE')
  })
})
