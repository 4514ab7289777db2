/**
 * The server of one process, slower by SLOWED_BY (0.2 for a fifth) of what a request takes of it by itself. Requests are
 * slowed in four blocks of five: the processor time of the fifth tells what they cost by themselves, under the same load in
 * the same moments, and what the others cost more tells what a turn of the waste costs among requests.
 */
import { serve } from '@tsgi/server-event-loop'
import type { Application } from '@tsgi/spec'
import type { ModuleReference, ServerModule } from '@tsgi/spec/server'

const SLOWED_BY = Number(process.env['SLOWED_BY'] ?? 0)
/** Requests of a block. */
const BLOCK = 250
/** Of so many blocks the first is not slowed. */
const CYCLE = 5
/** How much a cycle counts for in what is known of costs: blocks last milliseconds, and neighbours are noisy. */
const WEIGHT = 0.1

export default {
  name: 'slowed',
  inProcess: true,
  async serve(app, options) {
    const { module, export: name = 'default', config } = app as ModuleReference
    const load = ((await import(String(module))) as Record<string, (config: unknown) => Promise<Application>>)[name]
    if (load === undefined) throw new Error(`expected an export ${name} of ${String(module)}; there is none`)
    return await serve(SLOWED_BY === 0 ? await load(config) : slowed(await load(config)), options)
  },
} satisfies ServerModule

function slowed(application: Application): Application {
  /** What a slowed request costs over one that is not, so that all of a cycle cost SLOWED_BY more. */
  const wanted = (SLOWED_BY * CYCLE) / (CYCLE - 1)
  let turns = 100
  let requests = 0
  let block = 0
  let before = process.cpuUsage()
  /** Microseconds of processor time, as of late: of a block that is not slowed, and of a turn for each request of a block. */
  let asItIs = 0
  let turn = 0
  let slowedBlocks = 0
  return (environ, startResponse) => {
    if (block > 0) waste(turns)
    if (++requests === BLOCK) {
      requests = 0
      const { user, system } = process.cpuUsage(before)
      before = process.cpuUsage()
      if (block === 0) asItIs = smooth(asItIs, user + system)
      else slowedBlocks += user + system
      block = (block + 1) % CYCLE
      if (block === 0) {
        turn = smooth(turn, (slowedBlocks / (CYCLE - 1) - asItIs) / turns)
        slowedBlocks = 0
        // While little is known, noise must not make it waste without bounds.
        const turnsWanted = (wanted * asItIs) / Math.max(turn, asItIs * 1e-6)
        turns = Math.max(50, Math.round(Math.min(turnsWanted, turns * 1.5)))
      }
    }
    return application(environ, startResponse)
  }
}

const smooth = (known: number, found: number): number => (known === 0 ? found : known + (found - known) * WEIGHT)

let sink = 0
function waste(turns: number): void {
  for (let turn = 0; turn < turns; turn++) sink = (sink * 31 + turn) | 0
}
