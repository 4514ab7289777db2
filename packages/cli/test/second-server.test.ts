import { once } from 'node:events'
import { symlinkSync } from 'node:fs'
import net from 'node:net'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { Folder } from './command.ts'

const NODE_MODULES = fileURLToPath(new URL('../node_modules', import.meta.url))

const APP = `
import express from 'express'
import http from 'node:http'
export const app = express().get('/x', (req, res) => res.send('app'))
const metrics = http.createServer((req, res) => res.end('metrics of ' + process.pid))
metrics.listen(Number(process.env.METRICS), '127.0.0.1', () => console.log('metrics callback'))
`

async function freePort(): Promise<number> {
  const probe = net.createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as net.AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}

const scrape = async (port: number) =>
  (await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } })).text()

function site(): Folder {
  const folder = new Folder({ 'app.ts': APP })
  symlinkSync(NODE_MODULES, folder.file('node_modules'))
  return folder
}

describe('a second server of the application', () => {
  it('listens on its own port, and the log names it', async () => {
    const port = await freePort()
    using folder = site()
    await using tsgi = folder.tsgi(['serve', 'app.ts', '-p', '0'], { METRICS: String(port) })
    expect(await (await tsgi.get('/x')).text()).toBe('app')
    expect(await scrape(port)).toMatch(/^metrics of \d+$/)
    expect(tsgi.stdout).toBe('metrics callback\n')
    expect(tsgi.stderr).toContain(`"also":"on port ${port}"`)
    expect(await tsgi.stop()).toBe(0)
  })

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
