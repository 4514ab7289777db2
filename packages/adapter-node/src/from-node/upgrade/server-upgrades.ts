/** Requests that ask for another protocol, as `upgrade` events of an `http.Server`. */
import type { IncomingMessage, Server } from 'node:http'
import type { Body, Environ, StartResponse } from '@tsgi/spec'
import type { Births } from '../births.ts'
import type { ClientSocket } from '../client-socket.ts'
import type { RequestOwner } from '../request-with-body.ts'
import { askedFor } from './asked-for.ts'
import { UpgradeAnswer } from './upgrade-answer.ts'

/** A request without a body asks nothing of its exchange. */
const NO_BODY: RequestOwner = { responseFinished: false, bodyOver() {}, unreadable() {} }

const NOTHING = Buffer.alloc(0)

/**
 * Gives a request that asks for another protocol to the server's `upgrade` listeners.
 *
 * @returns `null` where it is a request like any other: nothing is asked for, or no listener wants it
 */
export function upgradeBy(
  server: Server,
  births: Births,
  environ: Environ,
  startResponse: StartResponse,
): Promise<Body> | null {
  if (isHttp2(environ)) return null
  if (server.listenerCount('upgrade') === 0) {
    noteUnheard(server, environ)
    return null
  }
  const answer = new UpgradeAnswer(environ, startResponse, server)
  const { socket } = answer
  const request = births.request(socket as unknown as ClientSocket, environ, NO_BODY)
  request.complete = true
  Object.assign(request, { upgrade: true })
  if (!isWanted(server, request)) return null
  environ.server.onFinish(() => answer.finished())
  environ.server.signal.addEventListener('abort', () => answer.finished(), { once: true })
  try {
    server.emit('upgrade', request, socket, NOTHING)
  } catch (error) {
    answer.failed(error)
  }
  return answer.body
}

/** RFC 9113 §3.1: what some clients ask for with their first request, ignored by all; a listener would refuse the request. */
const isHttp2 = (environ: Environ): boolean => askedFor(environ).toLowerCase() === 'h2c'

/** Servers of which the log says that they take no WebSocket. */
const noted = new WeakSet<Server>()

/** Once for each application: clients may ask as often as they like. */
function noteUnheard(server: Server, environ: Environ): void {
  if (noted.has(server) || askedFor(environ).toLowerCase() !== 'websocket') return
  noted.add(server)
  environ.errors.write(
    `${environ.requestMethod} ${environ.scriptName}${environ.pathInfo} asked for a WebSocket, and was answered as any request: the application has no 'upgrade' listener; export its http.Server, or let the module call listen()\n`,
  )
}

/** Node 26's `shouldUpgradeCallback`: without one, a server with listeners wants every upgrade. */
function isWanted(server: Server, request: IncomingMessage): boolean {
  const { shouldUpgradeCallback } = server as { shouldUpgradeCallback?: (request: IncomingMessage) => unknown }
  return shouldUpgradeCallback === undefined || Boolean(shouldUpgradeCallback.call(server, request))
}
