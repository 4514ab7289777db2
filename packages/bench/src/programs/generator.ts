/**
 * The process that makes requests: one for a run, pinned apart from the servers. It does what its parent tells it, one
 * command after the other but for checks, which go along with whatever else
 * puts load on.
 */
import { setPriority } from 'node:os'
import { closedLoop } from '../load/closed-loop.ts'
import type { Command, Reply } from '../load/generator.ts'
import { RawConnection } from '../load/raw-connection.ts'
import { pace, type PacedRequest } from '../load/pace.ts'
import { onTheWire, requestsOf } from '../load/requests.ts'
import type { BenchRequest, Workload } from '../workloads/workload.ts'
import { workloadOf } from '../workloads/workloads.ts'

const workloads = new Map<string, Workload>()
let held: Held | null = null

function workloadNamed(name: string): Workload {
  const workload = workloads.get(name) ?? workloadOf(name)
  if (workload === undefined) throw new Error(`there is no workload ${name}`)
  workloads.set(name, workload)
  return workload
}

interface Requests {
  readonly plain: readonly PacedRequest[]
  readonly checked: readonly PacedRequest[]
}

/** Rows that are loaded in turns come back to theirs each time. */
const MOST_KEPT = 64
const kept = new Map<string, Requests>()

function requestsTo(workload: Workload, { port, seed }: Command): Requests {
  const key = `${port} ${seed} ${workload.name}`
  const known = kept.get(key)
  if (known !== undefined) return known
  const asked = requestsOf(workload, seed)
  const host = `127.0.0.1:${port}`
  const plain = onTheWire(asked, host, workload)
  const checked = asked[0]?.body === undefined ? plain : onTheWire(asked.map(withChecksum), host, workload)
  const [oldest] = kept.keys()
  if (oldest !== undefined && kept.size >= MOST_KEPT) kept.delete(oldest)
  kept.set(key, { plain, checked })
  return { plain, checked }
}

async function run(command: Command): Promise<unknown> {
  const { port } = command
  const workload = workloadNamed(command.workload)
  const requests = requestsTo(workload, command)
  const newConnections = workload.newConnections === true
  switch (command.kind) {
    case 'check':
      return await closedLoop({ ...command, newConnections, requests: requests.checked })
    case 'closed':
      return await closedLoop({ ...command, newConnections, requests: requests.plain })
    case 'pace':
      return await pace({ ...command, newConnections, requests: requests.plain })
    case 'hold': {
      held = await holdConnections(port, command.count, requests.plain[0]?.bytes ?? Buffer.alloc(0))
      return held.held
    }
    case 'release':
      held?.release()
      held = null
      return null
  }
}

/** An upload's answer is compared byte by byte only by checks: the load shall not pay for it. */
function withChecksum(request: BenchRequest): BenchRequest {
  return { ...request, headers: [...(request.headers ?? []), ['x-crc', '1']], check: (answer) => request.check(answer) }
}

try {
  // What this is late by is read as latency; only root may.
  setPriority(-10)
} catch {
  // As it is, then.
}
process.on('SIGINT', () => {})
process.once('disconnect', () => process.exit(0))
process.on('message', ({ id, command }: { id: number; command: Command }) => {
  // A run that was interrupted waits for no reply.
  const reply = (message: Reply): void => void (process.connected && process.send?.(message, () => {}))
  run(command).then(
    (value) => reply({ id, value }),
    (error: unknown) => reply({ id, error: error instanceof Error ? error.message : String(error) }),
  )
})

interface Held {
  readonly held: number
  release(): void
}

/** Connections that are opened beside each other. */
const AT_ONCE = 100

/** Opens that many connections, asks on each of them once, and keeps them. */
async function holdConnections(port: number, count: number, request: Buffer): Promise<Held> {
  const open = new Set<RawConnection>()
  for (let at = 0; at < count; at += AT_ONCE) {
    const batch = Array.from({ length: Math.min(AT_ONCE, count - at) }, async () => {
      const connection = new RawConnection(port, (closed) => open.delete(closed))
      open.add(connection)
      await connection.ask(request)
    })
    await Promise.all(batch)
  }
  return {
    held: open.size,
    release() {
      for (const connection of open) connection.destroy()
    },
  }
}
