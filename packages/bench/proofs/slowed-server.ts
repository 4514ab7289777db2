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
const BLOCK = 100
/** Of so many blocks the first is not slowed. */
const CYCLE = 5
/** Requests until code is compiled, which would be taken for what others cost. */
const COLD = 4000
/** What an earlier cycle counts for beside the last one: blocks last milliseconds, and neighbours are noisy. */
const KEPT = 0.95
/** Where a request wastes that many turns, something is wrong. Some 20 µs. */
const MOST_TURNS = 20_000

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
  let turns = 500
  let requests = -COLD
  let block = 0
  let before = process.cpuUsage()
  /** Microseconds of processor time for a block, added up: not slowed, and slowed, with so many turns for a request. */
  let plain = 0
  let slow = 0
  let wasted = 0
  let weight = 0
  return (environ, startResponse) => {
    if (block > 0) waste(turns)
    if (++requests === 0) before = process.cpuUsage()
    if (requests === BLOCK) {
      requests = 0
      const { user, system } = process.cpuUsage(before)
      before = process.cpuUsage()
      if (block === 0) {
        plain = plain * KEPT + user + system
        slow *= KEPT
        wasted = wasted * KEPT + turns
        weight = weight * KEPT + 1
      } else slow += (user + system) / (CYCLE - 1)
      block = (block + 1) % CYCLE
      if (block === 0) {
        const turn = Math.max(0, slow - plain) / wasted
        const exact = turn === 0 ? MOST_TURNS : (wanted * plain) / weight / turn
        turns = Math.round(Math.min(exact, turns * 1.1, MOST_TURNS))
      }
    }
    return application(environ, startResponse)
  }
}

let sink = 0
function waste(turns: number): void {
  for (let turn = 0; turn < turns; turn++) sink = (sink * 31 + turn) | 0
}
