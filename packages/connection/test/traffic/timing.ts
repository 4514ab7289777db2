/** The moments at which an application may go on. */
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises'

export const TIMINGS = ['now', 'now', 'microtask', 'tick', 'immediate', 'timer'] as const
export type Timing = (typeof TIMINGS)[number]

export async function wait(timing: Timing): Promise<void> {
  switch (timing) {
    case 'now':
    case 'microtask':
      return
    case 'tick':
      return new Promise((resolve) => process.nextTick(resolve))
    case 'immediate':
      await turn()
      return
    case 'timer':
      await sleep(1)
  }
}
