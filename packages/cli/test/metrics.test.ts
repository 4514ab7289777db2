/** `--metrics`. */
import net from 'node:net'
import { describe, expect, it } from 'vitest'
import { Folder } from './command.ts'
import { APP, metricsUrl, REQUESTS, scrape, sumOf } from './metrics-setup.ts'

describe('a server with --metrics', () => {
  it('counts for Prometheus, on a listener of its own', async () => {
    using folder = new Folder({ 'app.ts': APP })
    await using tsgi = folder.tsgi(['serve', 'app.ts', '-p', '0', '--metrics=127.0.0.1:0'])
    for (let i = 0; i < 3; i++) await (await tsgi.get('/')).text()
    const text = await scrape(tsgi)
    expect(sumOf(text, REQUESTS)).toBe(3)
    expect(text).toMatch(/^process_memory_usage_bytes\{worker="0"\} \d{7,}$/m)
    expect((await fetch((await metricsUrl(tsgi)).replace(/metrics$/, 'other'))).status).toBe(404)
    expect(await (await tsgi.get('/metrics')).text()).toBe('hello')
    expect(await tsgi.stop()).toBe(0)
  })

  it('does not start where the address is in use', async () => {
    using folder = new Folder({ 'app.ts': APP })
    const taken = net.createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => taken.once('listening', resolve))
    const { port } = taken.address() as net.AddressInfo
    const { exitCode, stderr } = await folder.run(['serve', 'app.ts', '-p', '0', `--metrics=127.0.0.1:${port}`])
    taken.close()
    expect(exitCode).not.toBe(0)
    expect(stderr).toContain(`127.0.0.1:${port}`)
    expect(stderr).not.toContain('    at ')
  })
})
