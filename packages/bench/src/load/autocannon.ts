import { programFile } from '../programs/program-file.ts'
import { pinned } from '../running/processors.ts'
import { HeldLoad, type Outcome } from './held-load.ts'
import type { LoadOptions } from './wrk.ts'

/** What the process of {@link autocannonLoad} is told. */
export interface AutocannonOrder {
  readonly port: number
  readonly workload: string
  readonly seed: number
  readonly connections: number
  readonly limit: number
}

/** The ceiling where wrk is not installed. */
export async function autocannonLoad(options: LoadOptions): Promise<HeldLoad> {
  const { port, workload, seed, connections, limit } = options
  const order: AutocannonOrder = { port, workload: workload.name, seed, connections, limit }
  const command = [process.execPath, programFile('autocannon'), JSON.stringify(order)]
  return await HeldLoad.start(pinned(options.processors, command), (output) => JSON.parse(output) as Outcome)
}
