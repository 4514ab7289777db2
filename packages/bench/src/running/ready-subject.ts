/** A subject that was started, answers rightly, and has been warmed. */
import { since } from '../accounting/process-tree.ts'
import type { Target } from '../load/generator.ts'
import type { Round } from '../result.ts'
import { connectionsOf } from '../workloads/workloads.ts'
import type { Bench, Cell } from './bench.ts'
import { SubjectError, SubjectProcess } from './subject-process.ts'
import { voidCheck } from './void-rules.ts'

export interface ReadySubject {
  readonly cell: Cell
  readonly process: SubjectProcess
  /** Milliseconds from the start of the process to its listening. */
  readonly boot: number
  readonly cold: Round['cold']
  readonly warm: boolean
}

const COLD_REQUESTS = 1000
const COLD_CONNECTIONS = 8
const COLD_LIMIT = 3000
/** Before any figure, each answer is looked at. */
const FIRST_CHECKS = 20
/** Windows that must agree, and within what. */
const AGREEING = 3
const AGREEMENT = 0.1

/** What the generator is told of each of its orders. */
export const targetOf = ({ workload, seed }: Cell, { port }: SubjectProcess): Target => ({
  port,
  workload: workload.name,
  seed,
})

/**
 * @param signal ends the subject, whatever it does then
 * @throws SubjectError where it does not start, or answers wrongly
 */
export async function readySubject(bench: Bench, cell: Cell, signal: AbortSignal | undefined): Promise<ReadySubject> {
  const startedAt = performance.now()
  const process = await SubjectProcess.start(cell.subject, {
    folder: bench.folder,
    processors: bench.placement.server,
    signal,
  })
  const boot = performance.now() - startedAt
  return await orStopped(process, async () => {
    await checkAnswers(bench, cell, process)
    const cold = await firstRequests(bench, cell, process)
    const warm = cell.workload.idle === true || (await warmUp(bench, cell, process))
    return { cell, process, boot, cold, warm }
  })
}

/** Does something to a process that must not outlive its failure. A process that ended meanwhile is told as the reason. */
export async function orStopped<T>(process: SubjectProcess, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const { ending } = process
    await process.stop()
    if (ending === null) throw error
    throw new SubjectError(`died under load (${ending})\n${process.output}`.trim(), { cause: error })
  }
}

async function checkAnswers({ generator }: Bench, cell: Cell, process: SubjectProcess): Promise<void> {
  const loop = { connections: 1, count: FIRST_CHECKS, duration: COLD_LIMIT }
  const check = await generator.run({ kind: 'check', ...targetOf(cell, process), ...loop })
  const [wrong] = voidCheck(check)
  if (wrong !== undefined) throw new SubjectError(`answers wrongly before any load: ${wrong}`)
}

async function firstRequests({ generator }: Bench, cell: Cell, process: SubjectProcess): Promise<Round['cold']> {
  const loop = { connections: COLD_CONNECTIONS, count: COLD_REQUESTS, duration: COLD_LIMIT }
  const before = process.cpuTime()
  const { answered, elapsed } = await generator.run({ kind: 'closed', ...targetOf(cell, process), ...loop })
  const cpu = since(before, process.cpuTime())
  return { requests: answered, milliseconds: elapsed, cpu: cpu === null || answered === 0 ? null : cpu / answered }
}

/** Until what a request costs has settled; by its rate where the system does not account for processes. */
async function warmUp({ generator, method }: Bench, cell: Cell, process: SubjectProcess): Promise<boolean> {
  const costs: number[] = []
  const connections = connectionsOf(cell.workload, method.connections)
  const loop = { connections, count: Number.MAX_SAFE_INTEGER, duration: method.warmWindow }
  for (let window = 0; window < method.warmWindows; window++) {
    const before = process.cpuTime()
    const { answered, elapsed } = await generator.run({ kind: 'closed', ...targetOf(cell, process), ...loop })
    costs.push((since(before, process.cpuTime()) ?? elapsed) / answered)
    const last = costs.slice(-AGREEING)
    if (last.length === AGREEING && Math.max(...last) <= Math.min(...last) * (1 + AGREEMENT)) return true
  }
  return false
}
