import { channel } from 'node:diagnostics_channel'
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import type { NodeListener } from './node-application.ts'
import { hiddenServerOf } from './upgrade/hidden-server.ts'

/** How an application's requests reach its listener. */
export interface HostServer {
  /** What `request.socket.server` is. */
  readonly server: http.Server
  /** The application has made it, and may have set something on it. */
  readonly isOwn: boolean
  /** Calls the listener, and returns what it returns. */
  call(request: IncomingMessage, response: ServerResponse): unknown
}

const requestStart = channel('http.server.request.start')
const responseFinish = channel('http.server.response.finish')

/**
 * Requests come as `request` events of an `http.Server`, which listens nowhere where the application brought none: that
 * is where OpenTelemetry and its like, which replace `http.Server.prototype.emit`, look for them.
 */
export function hostServerOf(application: unknown, handle: NodeListener): HostServer {
  const own = ownServer(application)
  if (own !== undefined && own === application) return { server: own, isOwn: true, call: published(own, handle) }
  const server = http.createServer()
  let returned: unknown
  server.on('request', (request, response) => {
    returned = handle(request, response)
  })
  const emit: NodeListener = (request, response) => {
    returned = undefined
    server.emit('request', request, response as ServerResponse & { req: IncomingMessage })
    const result = returned
    returned = undefined
    return result
  }
  return { server: own ?? server, isOwn: own !== undefined, call: published(own ?? server, emit) }
}

/** The application itself, or the server that it has made, as Fastify and express-ws do. */
function ownServer(application: unknown): http.Server | undefined {
  if (application instanceof http.Server) return application
  const hidden = hiddenServerOf(application)
  if (hidden !== undefined) return hidden
  if (typeof application !== 'object' || application === null || !('server' in application)) return undefined
  return application.server instanceof http.Server ? application.server : undefined
}

/** As node:http, for those who listen to its diagnostics channels. */
function published(server: http.Server, call: NodeListener): NodeListener {
  return (request, response) => {
    if (requestStart.hasSubscribers) requestStart.publish({ request, response, socket: request.socket, server })
    return call(request, response)
  }
}

/** Called when a response has finished. */
export function publishFinish(request: IncomingMessage, response: ServerResponse, server: http.Server): void {
  if (responseFinish.hasSubscribers) responseFinish.publish({ request, response, socket: request.socket, server })
}
