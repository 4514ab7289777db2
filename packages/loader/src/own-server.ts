/** Which of the servers that a module starts is the application itself, and which are others. */
import type http from 'node:http'
import type { HeldServer } from './held-server.ts'
import { portOf } from './listen-address.ts'

/**
 * Whether a server is the exported application by another door: it calls the application, or it is to listen where TSGI does.
 * Of an application that cannot be seen behind its server's listener (Koa and fetch applications, which make a function for
 * it), the first server that a package started is taken for its own. Fastify listens on each address of "localhost" with a
 * server of its own; servers on one port belong together.
 *
 * @param ports where TSGI serves
 */
export function ownServers(
  application: unknown,
  servers: readonly HeldServer[],
  ports: readonly (number | string)[],
): readonly HeldServer[] {
  const seen = servers.filter((held) => isBehind(held.server, application) || isAt(held, ports))
  const started = servers.find((held) => held.byPackage && !listenersOf(held.server).some(isVisible))
  const own = seen.length > 0 || isVisible(application) || started === undefined ? seen : [started]
  return servers.filter((held) => own.some((one) => one === held || sameAddress(one, held)))
}

/**
 * Of a module that exports no application: the server where `PORT` or the command line says, else the first, and others on
 * its port.
 */
export function servedServers(
  servers: readonly HeldServer[],
  ports: readonly (number | string)[],
): readonly HeldServer[] {
  const wanted = ports.map((port) => servers.find((held) => portOf(held.asked) === port))
  const served = wanted.find((held) => held !== undefined) ?? servers[0]
  return served === undefined ? [] : [served, ...servers.filter((held) => held !== served && sameAddress(held, served))]
}

/** Whether a server passes its requests to this application, as far as can be seen. */
function isBehind(server: http.Server, application: unknown): boolean {
  if (server === application || listenersOf(server).includes(application)) return true
  return typeof application === 'object' && application !== null && 'server' in application
    ? application.server === server
    : false
}

export const isAt = (held: HeldServer, ports: readonly (number | string)[]): boolean => {
  const port = portOf(held.asked)
  return port !== null && port !== 0 && ports.includes(port)
}

/** Whether two servers were to listen on the same fixed port, or path. */
export const sameAddress = (one: HeldServer, other: HeldServer): boolean =>
  one.asked !== null && portOf(one.asked) !== 0 && portOf(one.asked) === portOf(other.asked)

const listenersOf = (server: http.Server): readonly unknown[] => server.listeners('request')

/** An Express or connect app, an `http.Server`, or what has its own, such as Fastify: its server refers to it. */
function isVisible(application: unknown): boolean {
  if ((typeof application !== 'function' && typeof application !== 'object') || application === null) return false
  if (isMethod(application, 'handle') && isMethod(application, 'use')) return true
  if (isMethod(application, 'listen') && isMethod(application, 'address')) return true
  return isMethod(application, 'routing') && 'server' in application
}

const isMethod = (value: object, name: string) => typeof (value as Record<string, unknown>)[name] === 'function'
