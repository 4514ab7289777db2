/**
 * What an application's `http.Server` asks of its connections, which are the TSGI server's: named once, at start, so that
 * nobody relies on what has no effect.
 */
import http, { type Server } from 'node:http'

const SETTINGS = [
  'keepAliveTimeout',
  'requestTimeout',
  'headersTimeout',
  'maxRequestsPerSocket',
  'maxHeadersCount',
] as const

/** Events of a connection, or of requests that never become one of an application. */
const EVENTS = ['connect', 'clientError', 'connection', 'checkExpectation', 'dropRequest'] as const

/** Fastify sets these on every server that it makes. */
const FASTIFY: Readonly<Record<string, unknown>> = { keepAliveTimeout: 72_000, requestTimeout: 0 }
const FASTIFY_LISTENER = 'bound defaultClientErrorHandler'

/** Settings and listeners that have no effect; empty for a server as Node or Fastify makes it. */
export function withoutEffect(server: Server): readonly string[] {
  const usual = http.createServer()
  const settings = SETTINGS.filter((name) => server[name] !== usual[name] && server[name] !== FASTIFY[name])
  const events = EVENTS.filter((event) => {
    const listeners = server.listeners(event).filter(({ name }) => name !== FASTIFY_LISTENER)
    return listeners.length > usual.listenerCount(event)
  })
  return [...settings, ...events.map((event) => `listeners of '${event}'`)]
}

/** Called when the application starts. */
export function warnOfSettings(server: Server): void {
  const names = withoutEffect(server)
  if (names.length === 0) return
  process.emitWarning(
    `The application's http.Server has ${names.join(', ')}, which have no effect here: connections belong to the TSGI server. Set its own timeouts and limits instead.`,
    { code: 'TSGI_WARN_SERVER_SETTINGS' },
  )
}
