import autocannon from 'autocannon'
import type { BenchRequest, Workload } from '../workloads/workload.ts'
import type { CeilingResult } from './ceiling.ts'

interface Settings {
  readonly port: number
  readonly duration: number
  readonly connections: number
}

/** The ceiling where wrk is not installed. Runs in the generator's process. */
export async function autocannonCeiling(
  { port, duration, connections }: Settings,
  workload: Workload,
  requests: readonly BenchRequest[],
): Promise<CeilingResult> {
  const startedAt = performance.now()
  const before = process.cpuUsage()
  const result = await autocannon({
    url: `http://127.0.0.1:${port}`,
    connections,
    duration: duration / 1000,
    pipelining: workload.pipeline ?? 1,
    requests: requests.map(({ method, target, headers = [], body }) => ({
      method,
      path: target,
      headers: { ...Object.fromEntries(headers), ...(workload.newConnections === true && { connection: 'close' }) },
      body,
    })),
  })
  const { user, system } = process.cpuUsage(before)
  const errors = result.errors + result.timeouts + result.non2xx
  return {
    requests: result.requests.total,
    elapsed: result.duration,
    errors,
    trouble:
      errors === 0
        ? null
        : `${result.non2xx} answers outside 2xx, ${result.errors} errors, ${result.timeouts} timeouts`,
    generatorBusy: (user + system) / 1000 / (performance.now() - startedAt),
  }
}
