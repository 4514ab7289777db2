import { setTimeout as sleep } from 'node:timers/promises'
import { ServeError, timerDelay } from '@tsgi/spec/server'
import { formatDuration } from '../settings/units.ts'

/**
 * What `start` gives, unless it takes longer than `limit` milliseconds; 0 waits for ever. The clock runs before it starts:
 * the loader takes a timer that is new for something that the application does.
 *
 * @throws ServeError `TSGI_ERR_STARTUP`
 */
export async function withinBootTimeout<T>(start: () => Promise<T>, limit: number): Promise<T> {
  if (limit === 0) return start()
  const timer = new AbortController()
  const late = sleep(timerDelay(limit), undefined, { signal: timer.signal }).then(() => {
    throw new ServeError(
      'TSGI_ERR_STARTUP',
      `The application was not ready within ${formatDuration(limit)}.\nLook for what its start waits for: a database, the network. --boot-timeout gives it longer.`,
    )
  })
  try {
    return await Promise.race([start(), late])
  } finally {
    timer.abort()
    late.catch(() => {})
  }
}
