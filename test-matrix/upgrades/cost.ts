/**
 * What an echoed message of `ws` costs a server in processor time, as a share of what it costs on `node:http`:
 *
 *     node upgrades/cost.ts [rounds] [seconds]
 *
 * The servers take turns within one run, and the baseline runs twice in each round: what its two runs differ by is noise.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from '@tsgi/free-port'
import { WebSocket } from 'ws'

const [rounds = 7, seconds = 1] = process.argv.slice(2).map(Number)
const CONNECTIONS = 64
const SIZES = [100, 64 * 1024]
const BIN = fileURLToPath(new URL('../../packages/cli/bin/tsgi.js', import.meta.url))
const APPLICATION = fileURLToPath(new URL('applications/ws.ts', import.meta.url))

const COMMANDS = {
  'node:http': () => [APPLICATION],
  'node:http again': () => [APPLICATION],
  'event-loop': (port: number) => ['--', BIN, 'serve', APPLICATION, '--port', String(port)],
} satisfies Record<string, (port: number) => string[]>

/** Processor time so far, in ticks. */
function spent({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return Number(fields[11]) + Number(fields[12])
}

async function connected(url: string): Promise<WebSocket> {
  for (;;) {
    const socket = new WebSocket(url, { perMessageDeflate: false })
    const opened = await new Promise<boolean>((resolve) => {
      socket.once('open', () => resolve(true)).once('error', () => resolve(false))
    })
    if (opened) return socket
    await sleep(50)
  }
}

/** Ticks for each message. */
async function measure(command: (port: number) => string[], size: number): Promise<number> {
  const port = await freePort()
  const environment = { ...process.env, PORT: String(port), NODE_ENV: 'production' }
  const child = spawn(process.execPath, command(port), { env: environment, stdio: 'ignore' })
  const payload = Buffer.alloc(size, 'x')
  let messages = 0
  const first = await connected(`ws://127.0.0.1:${port}/chat`)
  const others = await Promise.all(
    Array.from({ length: CONNECTIONS - 1 }, () => connected(`ws://127.0.0.1:${port}/chat`)),
  )
  for (const socket of [first, ...others]) {
    socket.on('message', () => {
      messages++
      socket.send(payload)
    })
    socket.send(payload)
  }
  await sleep(500)
  const [before, from] = [spent(child), messages]
  await sleep(seconds * 1000)
  const cost = (spent(child) - before) / (messages - from)
  for (const socket of [first, ...others]) socket.terminate()
  const closed = once(child, 'close')
  child.kill('SIGKILL')
  await closed
  return cost
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] as number

for (const size of SIZES) {
  const ratios: Record<string, number[]> = {}
  for (let round = 0; round < rounds; round++) {
    const costs: Record<string, number> = {}
    for (const [name, command] of Object.entries(COMMANDS)) costs[name] = await measure(command, size)
    for (const [name, cost] of Object.entries(costs)) (ratios[name] ??= []).push(cost / (costs['node:http'] as number))
  }
  for (const [name, all] of Object.entries(ratios)) {
    const [least, most] = [Math.min(...all), Math.max(...all)].map((ratio) => ratio.toFixed(2))
    console.log(`${size} bytes, ${name}: ${median(all).toFixed(2)} (${least} to ${most})`)
  }
}
