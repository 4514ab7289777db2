import { functionLocation } from '@tsgi/error-page/function-location'
import type { IncomingMessage, Server } from 'node:http'
import type { NodeApplication } from './node-application.ts'

/**
 * Who had the answering of a request, with the place in the application's own file where that can be told: the handler of
 * Express's route, a server's listener, a bare listener. A framework's own function would say nothing.
 */
export function listenerOf(application: NodeApplication, request: IncomingMessage): string {
  const handler = routeHandler(request)
  if (handler !== undefined) return placed('the route handler', handler)
  if (typeof application === 'function') return placed('the listener', application)
  const listener = 'listeners' in application ? (application as Server).listeners('request').at(-1) : undefined
  return listener === undefined ? 'the application' : placed('the listener', listener)
}

function placed(name: string, fn: object): string {
  const place = functionLocation(fn)
  return place.includes('/node_modules/') ? 'the application' : `${name} (${place})`
}

/** Express and its router put the route that matched on the request. */
function routeHandler(request: IncomingMessage): object | undefined {
  const route: unknown = 'route' in request ? request.route : undefined
  if (typeof route !== 'object' || route === null || !('stack' in route) || !Array.isArray(route.stack))
    return undefined
  const handle: unknown = route.stack.at(-1)?.handle
  return typeof handle === 'function' ? handle : undefined
}
