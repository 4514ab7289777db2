import { symlinkSync } from 'node:fs'
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

export const scrape = async (port: number): Promise<string> =>
  (await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } })).text()

export function site(): Folder {
  const folder = new Folder({ 'app.ts': APP })
  symlinkSync(NODE_MODULES, folder.file('node_modules'))
  return folder
}
