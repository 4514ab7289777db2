import { since } from '../accounting/since.ts'
import type { Bench } from './bench.ts'
import type { SubjectProcess } from './subject-process.ts'

/** Share of one processor that a server uses while nobody asks. */
export async function watchIdle({ method }: Bench, process: SubjectProcess): Promise<number | null> {
  const before = process.cpuTime()
  const startedAt = performance.now()
  await new Promise((resolve) => setTimeout(resolve, method.idleDuration))
  const cpu = since(before, process.cpuTime())
  return cpu === null ? null : cpu / 1000 / (performance.now() - startedAt)
}
