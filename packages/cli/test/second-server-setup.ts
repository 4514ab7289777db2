import { once } from 'node:events'
import { symlinkSync } from 'node:fs'
import net from 'node:net'
import { fileURLToPath } from 'node:url'
import { Folder } from './command.ts'

const NODE_MODULES = fileURLToPath(new URL('../node_modules', import.meta.url))

const APP = `
import express from 'express'
import http from 'node:http'
export const app = express().get('/x', (req, res) => res.send('app'))
const metrics = http.createServer((req, res) => res.end('metrics of ' + process.pid))
metrics.listen(Number(process.env.METRICS), '127.0.0.1', () => console.log('metrics callback'))
`

export async function freePort(): Promise<number> {
  const probe = net.createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as net.AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}

export const scrape = async (port: number): Promise<string> =>
  (await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } })).text()

export function site(): Folder {
  const folder = new Folder({ 'app.ts': APP })
  symlinkSync(NODE_MODULES, folder.file('node_modules'))
  return folder
}
