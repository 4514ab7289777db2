/** What connections cost that are open while nobody asks. Rows go one after the other: memory does not drift as time does. */
import { since } from '../accounting/process-tree.ts'
import type { Bench, Cell, Measured } from './bench.ts'
import { orStopped, readySubject, targetOf } from './ready-subject.ts'
import type { SubjectProcess } from './subject-process.ts'

/** @throws SubjectError where there is no figure to be had */
export async function measureIdle(bench: Bench, cell: Cell, signal: AbortSignal | undefined): Promise<Measured> {
  const { generator, method } = bench
  // Its first requests come before: what they make the server allocate once is not the price of one more connection.
  const { process, boot } = await readySubject(bench, cell, signal)
  const round = await orStopped(process, async () => {
    const target = targetOf(cell, process)
    await watchIdle(bench, process)
    const before = process.memory()
    const held = await generator.run({ kind: 'hold', ...target, count: method.idleConnections })
    const idleCpu = await watchIdle(bench, process)
    const bytes = since(before, process.memory())
    await generator.run({ kind: 'release', ...target })
    return {
      round: cell.round,
      cpu: null,
      requestsPerSecond: 0,
      requests: 0,
      errors: method.idleConnections - held,
      generatorBusy: null,
      peakMemory: process.peakMemory(),
      boot,
      cold: null,
      warm: true,
      idleCpu,
      idleConnection: { held, bytes: bytes === null ? null : bytes / held },
      voided: held < method.idleConnections ? [`${held} of ${method.idleConnections} connections were held`] : [],
    }
  })
  await process.stop()
  return { round, latencies: [] }
}

/** Share of one processor that a server uses while nobody asks. */
export async function watchIdle({ method }: Bench, process: SubjectProcess): Promise<number | null> {
  const before = process.cpuTime()
  const startedAt = performance.now()
  await new Promise((resolve) => setTimeout(resolve, method.idleDuration))
  const cpu = since(before, process.cpuTime())
  return cpu === null ? null : cpu / 1000 / (performance.now() - startedAt)
}
