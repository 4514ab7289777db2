/** Paths that a server answers itself, for what decides whether requests should be sent to it. */
import { type Application, type Awaitable, isPromise } from '@tsgi/spec'
import type { Settings } from './settings.ts'

/** For the application to say whether it is ready, in milliseconds (SPEC M.4). */
const PATIENCE = 1_000

/** An application that answers those paths, and leaves all others to the one behind it; the same one where there are none. */
export function withProbes(application: Application, settings: Settings, isReady: () => Promise<boolean>): Application {
  if (settings.health === null && settings.ready === null) return application
  return (environ, startResponse) => {
    const { pathInfo, requestMethod } = environ
    if (!isProbe(settings, requestMethod, pathInfo)) return application(environ, startResponse)
    const answer = (good: boolean): string => {
      startResponse(good ? 200 : 503, FIELDS)
      return good ? 'ok\n' : 'not ready\n'
    }
    return pathInfo === settings.ready ? isReady().then(answer) : answer(true)
  }
}

export const isProbe = ({ health, ready }: Settings, method: string, path: string): boolean =>
  (path === health || path === ready) && (method === 'GET' || method === 'HEAD')

const FIELDS = Object.freeze(['content-type', 'text/plain; charset=utf-8', 'cache-control', 'no-store'])

/** What the application says of itself; one that fails, or does not answer, is not ready. */
export async function readiness(application: Application, log: Settings['log']): Promise<boolean> {
  try {
    const answer: Awaitable<boolean> | undefined = application.ready?.()
    return (isPromise(answer) ? await inTime(answer) : answer) !== false
  } catch (error) {
    log('warn', "the application's ready failed", { error })
    return false
  }
}

async function inTime(answer: PromiseLike<boolean>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => (timer = setTimeout(resolve, PATIENCE, false)))
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
  }
}
