import { once } from 'node:events'
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
  // Its threads would need a file of their own for the requests; where there are processors for more, there is wrk.
  return await HeldLoad.start(pinned(options.processors, command), 1, readOutput, async ({ stdout }) => {
    if (stdout !== null) await once(stdout, 'data')
  })
}

/** A line when it began, and how it went. */
function readOutput(output: string): Outcome {
  const [, outcome] = output.split('\n')
  if (outcome === undefined || outcome === '')
    throw new Error('expected autocannon to say how it went; it said nothing')
  return JSON.parse(outcome) as Outcome
}
