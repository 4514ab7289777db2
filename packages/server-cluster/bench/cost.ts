/**
 * What a request costs a cluster's worker, beside the event-loop server. Linux with wrk and strace.
 *
 *     node packages/server-cluster/bench/cost.ts [rounds, 25]
 *
 * Processor time of the whole process tree over requests answered, in paired rounds of one second, and system calls of
 * the serving process over requests answered.
 */
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { promisify } from 'node:util'

type Name = 'event-loop' | 'cluster'

interface Server {
  readonly name: Name
  readonly child: ChildProcess
  readonly port: number
}

const CONNECTIONS = '64'
const TICKS_PER_SECOND = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))

const rounds = Number(process.argv[2] ?? 25)
const servers = await Promise.all((['event-loop', 'cluster'] as const).map(start))
try {
  for (const server of servers) await load(server, 2)
  await systemCalls()
  await processorTime()
} finally {
  for (const { child } of servers) child.kill('SIGTERM')
}

async function start(name: Name): Promise<Server> {
  // Processors apart: the servers on one, the load on another.
  const command = ['taskset', '-c', '0', process.execPath, new URL('serve.ts', import.meta.url).pathname, name]
  const child = spawn(command[0] as string, command.slice(1), { stdio: ['ignore', 'pipe', 'inherit'] })
  const [port] = (await once(child.stdout, 'data')) as [Buffer]
  return { name, child, port: Number(port) }
}

/** @returns requests answered */
async function load({ port }: Server, seconds: number): Promise<number> {
  const wrk = ['-c', '1', 'wrk', '-t1', `-c${CONNECTIONS}`, `-d${seconds}`, `http://127.0.0.1:${port}/`]
  const { stdout } = await promisify(execFile)('taskset', wrk)
  if (/Non-2xx|Socket errors/.test(stdout)) throw new Error(stdout)
  return Number(/(\d+) requests in/.exec(stdout)?.[1])
}

async function processorTime(): Promise<void> {
  const ratios: number[] = []
  for (let round = 0; round < rounds; round++) {
    const costs = new Map<Name, number>()
    // Whoever begins has the colder machine: they take turns.
    for (const server of round % 2 === 0 ? servers : servers.toReversed()) {
      const before = ticks(server.child.pid as number)
      const requests = await load(server, 1)
      costs.set(server.name, ((ticks(server.child.pid as number) - before) * 1e6) / TICKS_PER_SECOND / requests)
    }
    ratios.push((costs.get('cluster') as number) / (costs.get('event-loop') as number))
  }
  const sorted = ratios.toSorted((a, b) => a - b)
  const at = (share: number): string => (sorted[Math.floor((sorted.length - 1) * share)] as number).toFixed(3)
  console.log(
    `processor time per request, cluster over event-loop, ${rounds} paired rounds: median ${at(0.5)}, quartiles ${at(0.25)} and ${at(0.75)}`,
  )
}

async function systemCalls(): Promise<void> {
  for (const server of servers) {
    const [worker] = server.name === 'cluster' ? childrenOf(server.child.pid as number) : [server.child.pid as number]
    const trace = spawn('strace', ['-f', '-c', '-p', String(worker)], { stdio: ['ignore', 'ignore', 'pipe'] })
    let report = ''
    trace.stderr.setEncoding('utf8').on('data', (text: string) => (report += text))
    await once(trace.stderr, 'data')
    const requests = await load(server, 2)
    trace.kill('SIGINT')
    await once(trace, 'close')
    const calls = [...report.matchAll(/^\s*[\d.]+\s+[\d.]+\s+\d+\s+(\d+)\s+(?:\d+\s+)?(\w+)$/gm)]
      .filter(([, , name]) => name !== 'total')
      .map(([, count, name]) => ({ name, perRequest: Number(count) / requests }))
      .filter(({ perRequest }) => perRequest > 0.01)
    const sum = calls.reduce((total, { perRequest }) => total + perRequest, 0)
    const list = calls.map(({ name, perRequest }) => `${name} ${perRequest.toFixed(2)}`).join(', ')
    console.log(`system calls per request, ${server.name}: ${sum.toFixed(2)} (${list})`)
  }
}

/** Clock ticks of a process and its children, living and reaped. */
function ticks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
    .replace(/^.*\) /, '')
    .split(' ')
  const own = [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0)
  return childrenOf(pid).reduce((sum, child) => sum + ticks(child), own)
}

function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'latin1').trim().split(' ').filter(Boolean).map(Number),
  )
}
