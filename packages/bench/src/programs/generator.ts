/**
 * The process that makes requests: one for a run, pinned apart from the servers. It does what its parent tells it, one
 * command after the other but for checks, which go along with whatever else puts load on.
 */
import { setPriority } from 'node:os'
import { closedLoop } from '../load/closed-loop.ts'
import type { Command, Reply } from '../load/generator.ts'
import { holdConnections, type Held } from '../load/hold-connections.ts'
import { pace } from '../load/pace.ts'
import { onTheWire, requestsOf } from '../load/requests-of.ts'
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

async function run(command: Command): Promise<unknown> {
  const { port } = command
  const workload = workloadNamed(command.workload)
  const host = `127.0.0.1:${port}`
  const asked = requestsOf(workload, command.seed)
  const requests = (benchRequests: readonly BenchRequest[]) => onTheWire(benchRequests, host, workload)
  const newConnections = workload.newConnections === true
  switch (command.kind) {
    case 'check':
      return await closedLoop({ ...command, newConnections, requests: requests(asked.map(withChecksum)) })
    case 'closed':
      return await closedLoop({ ...command, newConnections, requests: requests(asked) })
    case 'pace':
      return await pace({ ...command, newConnections, requests: requests(asked) })
    case 'hold': {
      held = await holdConnections(port, command.count, requests(asked)[0]?.bytes ?? Buffer.alloc(0))
      return held.held
    }
    case 'release':
      held?.release()
      held = null
      return null
    case 'autocannon': {
      const { autocannonCeiling } = await import('../load/autocannon.ts')
      return await autocannonCeiling(command, workload, asked)
    }
  }
}

/** An upload's answer is compared byte by byte only by checks: the load shall not pay for it. */
function withChecksum(request: BenchRequest): BenchRequest {
  if (request.body === undefined) return request
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
