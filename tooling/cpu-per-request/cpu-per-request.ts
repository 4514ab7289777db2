/**
 * What a request costs a server in processor time, for several servers in turn; Linux and wrk.
 *
 *     node tooling/cpu-per-request/cpu-per-request.ts [options] 'name|command with {port}' …
 *
 * Processor time of the server's whole process tree over requests answered: on a shared machine far steadier than requests
 * per second. Rounds are interleaved, so that drift hits all alike; what counts is the ratio of medians in one run.
 */
import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import net from 'node:net'
import { parseArgs, promisify } from 'node:util'

interface Figures {
  readonly name: string
  readonly command: string
  readonly costs: number[]
  troubles: number
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '9' },
    duration: { type: 'string', default: '1' },
    connections: { type: 'string', default: '64' },
    pipeline: { type: 'string', default: '1' },
    path: { type: 'string', default: '/' },
  },
})

const servers: Figures[] = positionals.map((argument) => {
  const [name, command] = argument.split('|')
  if (name === undefined || command === undefined || !command.includes('{port}')) {
    process.stderr.write(`expected 'name|command with {port}'; came ${JSON.stringify(argument)}\n`)
    process.exit(2)
  }
  return { name, command, costs: [], troubles: 0 }
})
if (servers.length === 0) {
  process.stderr.write("expected at least one 'name|command with {port}'\n")
  process.exit(2)
}
const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))
const pinned = navigator.hardwareConcurrency > 1

for (let round = 0; round < Number(values.rounds); round++) {
  for (const server of servers) {
    process.stderr.write(`round ${round + 1} of ${values.rounds}: ${server.name}          \r`)
    await measure(server)
  }
}
process.stderr.write('\n')
report()

async function measure(server: Figures): Promise<void> {
  const port = await freePort()
  const command = server.command.replaceAll('{port}', String(port))
  const child = spawn('bash', ['-c', `exec ${pinned ? 'taskset -c 0 ' : ''}${command}`], { stdio: 'ignore' })
  try {
    await listening(port, child)
    await load(port, '1')
    const before = ticks(child.pid ?? 0)
    const output = await load(port, values.duration)
    const after = ticks(child.pid ?? 0)
    const requests = Number(/(\d+) requests in/.exec(output)?.[1] ?? 0)
    if (requests === 0 || /Non-2xx|Socket errors/.test(output)) server.troubles++
    else server.costs.push(((after - before) * 1e6) / ticksPerSecond / requests)
  } finally {
    child.kill('SIGTERM')
    if (child.exitCode === null && child.signalCode === null)
      await new Promise((resolve) => child.once('exit', resolve))
  }
}

async function load(port: number, seconds: string): Promise<string> {
  const script = new URL('pipeline.lua', import.meta.url).pathname
  const wrk = [
    'wrk',
    '-t1',
    `-c${values.connections}`,
    `-d${seconds}`,
    '-s',
    script,
    `http://127.0.0.1:${port}${values.path}`,
    '--',
    values.pipeline,
  ]
  const [file = '', ...rest] = pinned ? ['taskset', '-c', '1', ...wrk] : wrk
  return (await promisify(execFile)(file, rest)).stdout
}

/** Clock ticks of a process, its threads and its children, living and reaped. */
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

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() =>
        typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
}

async function listening(port: number, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode} before it listened`)
    const open = await new Promise<boolean>((resolve) => {
      const socket = net.connect(port, '127.0.0.1')
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
      socket.once('connect', () => socket.destroy())
    })
    if (open) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`nobody listened on ${port} within 10 s`)
}

function report(): void {
  const reference = median(servers[0]?.costs ?? [])
  for (const { name, costs, troubles } of servers) {
    const middle = median(costs)
    const spread =
      costs.length > 0 ? `${Math.min(...costs).toFixed(2)}–${Math.max(...costs).toFixed(2)}` : 'no round without errors'
    const trouble = troubles > 0 ? `   ${troubles} rounds void` : ''
    process.stdout.write(
      `${name.padEnd(24)} ${middle.toFixed(2).padStart(8)} µs (${spread})   ratio ${(middle / reference).toFixed(3)}${trouble}\n`,
    )
  }
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  const half = sorted.length >> 1
  return sorted.length % 2 === 1
    ? (sorted[half] ?? Number.NaN)
    : ((sorted[half - 1] ?? Number.NaN) + (sorted[half] ?? Number.NaN)) / 2
}
