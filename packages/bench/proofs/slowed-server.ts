/**
 * The server of one process, slower by SLOWED_BY (0.2 for a fifth) of what a request takes of it by itself. It counts as it runs
 * what requests cost and what it wastes, and corrects the waste: how fast a processor is changes while it is measured.
 */
import { serve } from '@tsgi/server-event-loop'
import type { Application } from '@tsgi/spec'
import type { ModuleReference, ServerModule } from '@tsgi/spec/server'

const SLOWED_BY = Number(process.env['SLOWED_BY'] ?? 0)
/** Requests between two corrections. */
const CORRECTED_EVERY = 500
/** Wastes that are timed then, at once and for nobody, so that no request carries a clock. */
const TIMED = 25

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
  let turns = 100
  let requests = 0
  let before = process.cpuUsage()
  return (environ, startResponse) => {
    waste(turns)
    if (++requests === CORRECTED_EVERY) {
      const beganAt = process.hrtime.bigint()
      for (let time = 0; time < TIMED; time++) waste(turns)
      const each = Number(process.hrtime.bigint() - beganAt) / 1000 / TIMED
      const { user, system } = process.cpuUsage(before)
      const wasted = each * (CORRECTED_EVERY + TIMED)
      const share = wasted / Math.max(1, user + system - wasted)
      turns = Math.max(1, Math.round(turns * Math.min(2, Math.max(0.5, SLOWED_BY / share))))
      before = process.cpuUsage()
      requests = 0
    }
    return application(environ, startResponse)
  }
}

let sink = 0
function waste(turns: number): void {
  for (let turn = 0; turn < turns; turn++) sink = (sink * 31 + turn) | 0
}
