/**
 * What the process server makes of a process, beside the least that a process can be. Linux.
 *
 *     node packages/server-process/bench/cost.ts [rounds, 5] [seconds, 4]
 *
 * The rate of new connections, one request each, over the rate that a pool of children reaches which load nothing but
 * `node:net` and answer a fixed string, in alternating rounds; and the time to the first byte when connections arrive at a third
 * of that rate.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import net from 'node:net'
import { availableParallelism } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'

const SPARE = Math.max(4, 2 * availableParallelism())
const MAX_PROCESSES = 64
const CLIENTS = 2 * SPARE
const REQUEST = 'GET / HTTP/1.1\r\nhost: bench\r\nconnection: close\r\n\r\n'

interface Server {
  readonly child: ChildProcess
  readonly port: number
}

const rounds = Number(process.argv[2] ?? 5)
const seconds = Number(process.argv[3] ?? 4)
const bare = await start('bare-pool.ts')
const server = await start('server.ts')
try {
  await rate(bare, 1)
  await rate(server, 1)
  const ratios: number[] = []
  const bareRates: number[] = []
  for (let round = 0; round < rounds; round++) {
    const bareRate = await rate(bare, seconds)
    const serverRate = await rate(server, seconds)
    bareRates.push(bareRate)
    ratios.push(serverRate / bareRate)
    console.log(
      `round ${round + 1}: ${serverRate.toFixed(1)}/s over ${bareRate.toFixed(1)}/s is ${(serverRate / bareRate).toFixed(3)}`,
    )
  }
  console.log(`rate, over that of bare processes: median ${median(ratios).toFixed(3)}`)
  const arrivals = median(bareRates) / 3
  await sleep(500)
  const times = await firstBytes(server, arrivals, 4 * seconds)
  console.log(
    `time to the first byte at ${arrivals.toFixed(1)} connections a second: median ${median(times).toFixed(2)} ms of ${times.length}`,
  )
} finally {
  for (const { child } of [bare, server]) child.kill('SIGTERM')
}

async function start(program: string): Promise<Server> {
  const args = [new URL(program, import.meta.url).pathname, String(SPARE), String(MAX_PROCESSES)]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const [port] = (await once(child.stdout, 'data')) as [Buffer]
  return { child, port: Number(port) }
}

/** Connections served in a second, by clients that open the next as soon as one is answered. */
async function rate(target: Server, duration: number): Promise<number> {
  const end = performance.now() + duration * 1000
  let answered = 0
  const client = async (): Promise<void> => {
    while (performance.now() < end) {
      await request(target)
      if (performance.now() < end) answered++
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, client))
  return answered / duration
}

/** Connections that come when they come, whether the last was answered or not. */
async function firstBytes(target: Server, perSecond: number, duration: number): Promise<number[]> {
  const pending: Promise<number>[] = []
  const started = performance.now()
  for (let i = 0; i < perSecond * duration; i++) {
    await sleep(Math.max(0, started + (i * 1000) / perSecond - performance.now()))
    pending.push(request(target))
  }
  return await Promise.all(pending)
}

/** @returns milliseconds from the first packet to the first byte of the answer */
function request({ port }: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    const started = performance.now()
    let first = 0
    const socket = net.connect(port, '127.0.0.1')
    socket.write(REQUEST)
    socket.on('data', () => {
      if (first === 0) first = performance.now() - started
    })
    socket.on('error', reject)
    socket.on('close', () => (first === 0 ? reject(new Error('closed without an answer')) : resolve(first)))
  })
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] as number
}
