import { functionLocation } from '@tsgi/error-page/function-location'
import type { Environ } from '@tsgi/spec'
import type { FetchApp } from './fetch-app.ts'

/**
 * Where an app is written, for the log: the handler that the router of a Hono app chose, since its `fetch` is the
 * framework's own; else the fetch function.
 */
export function placeOf(app: FetchApp, environ: Environ): string {
  const handler = typeof app === 'function' ? app : (routeHandler(app, environ) ?? app.fetch)
  return functionLocation(handler)
}

/** Of what matches, the last is the handler; middleware stands before it. */
function routeHandler(app: object, { requestMethod, scriptName, pathInfo }: Environ): object | undefined {
  const router: unknown = 'router' in app ? app.router : undefined
  if (typeof router !== 'object' || router === null || !('match' in router)) return undefined
  if (typeof router.match !== 'function') return undefined
  const matched: unknown = router.match(requestMethod, scriptName + pathInfo)
  const last = first(matched)?.at(-1)
  const handler = first(last)?.[0]
  return typeof handler === 'function' ? handler : undefined
}

/** The first element where it is a list itself: routers give lists of lists. */
function first(value: unknown): readonly unknown[] | undefined {
  const element: unknown = Array.isArray(value) ? value[0] : undefined
  return Array.isArray(element) ? element : undefined
}
