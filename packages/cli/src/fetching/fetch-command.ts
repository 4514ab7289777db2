/**
 * One request to an application in this process. Environ and response are the work of the servers' own engine, so that what
 * is seen here is what a client would see; only the socket is missing, in whose place are the two ends of a pipe in memory.
 */
import http, { type IncomingMessage } from 'node:http'
import { duplexPair, type Duplex, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { AcceptedSocket, HttpServer } from '@tsgi/connection'
import { loadEntry, type Entry } from '@tsgi/loader/entry'
import type { HeaderList } from '@tsgi/spec'
import { ServeError } from '@tsgi/spec/server'
import type { Environment } from '../environment.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { createLog } from '../logs/log.ts'
import { printable } from '../logs/printable.ts'
import type { RequestFlags } from '../commands/fetch.ts'
import { withinBootTimeout } from '../serving/boot-timeout.ts'
import { hintingLog } from '../serving/hinting-log.ts'
import { planServing } from '../serving/serving-plan.ts'
import { version } from '../version.ts'
import { requestParts, type RequestParts } from './request-parts.ts'

export interface FetchOutputs {
  /** Gets the response's body. */
  readonly body: Writable
  /** Gets the application's log, and both heads where they are asked for. */
  note(text: string): void
}

/**
 * `tsgi fetch`: makes the request and gives the exit code, 22 for a status outside 2xx, 1 for a response that broke off.
 *
 * @throws UsageError, LoadError, ServeError
 */
export async function fetchCommand(
  environment: Environment,
  { target, request: flags }: { readonly target: string; readonly request: RequestFlags },
  outputs: FetchOutputs,
): Promise<ExitCode> {
  const parts = requestParts(target, flags, environment.cwd)
  const { settings } = environment
  const { application, found } = await withinBootTimeout(() => boot(environment), settings.bootTimeout)
  const log = hintingLog(createLog({ level: settings.logLevel, pretty: true, write: outputs.note }), found)
  const facts = { name: `tsgi-fetch/${version}`, multithread: false, multiprocess: false, runOnce: true }
  const server = new HttpServer(application, { log, limits: { maxBodySize: Number.MAX_SAFE_INTEGER } }, facts)
  const [client, accepted] = duplexPair({ allowHalfOpen: true })
  server.accept(new AcceptedSocket(accepted))
  try {
    return await exchange(client, parts, outputs, flags.verbose === true)
  } finally {
    await server.drain()
    await application.shutdown?.()
  }
}

async function boot(environment: Environment): Promise<Entry> {
  const entry = await loadEntry(planServing(environment))
  try {
    await entry.application.startup?.()
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new ServeError('TSGI_ERR_STARTUP', `the application's startup failed: ${message}`, error)
  }
  return entry
}

async function exchange(
  client: Duplex,
  { method, target, headers, body }: RequestParts,
  outputs: FetchOutputs,
  heads: boolean,
): Promise<ExitCode> {
  const note = heads ? outputs.note : () => {}
  const request = http.request({
    createConnection: () => client,
    method,
    path: target,
    headers,
    setDefaultHeaders: false,
  })
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  request.on('response', resolve).on('error', reject)
  request.on('information', ({ statusCode, statusMessage, rawHeaders }) => {
    note(head('<', `HTTP/1.1 ${statusCode} ${statusMessage}`, rawHeaders))
  })
  request.on('upgrade', (response, socket) => {
    socket.destroy()
    resolve(response)
  })
  note(head('>', `${method} ${target} HTTP/1.1`, headers))
  // A server may answer before it has read all; then the rest of the body is not wanted.
  if (body === null) request.end()
  else pipeline(body, request).catch(() => {})
  try {
    const response = await promise
    const { statusCode = 0, statusMessage, rawHeaders } = response
    note(head('<', `HTTP/1.1 ${statusCode} ${statusMessage}`, rawHeaders))
    await pipeline(response, outputs.body, { end: false })
    if (response.rawTrailers.length > 0) note(head('<', '(trailers)', response.rawTrailers))
    return statusCode >= 200 && statusCode < 300 ? EXIT.ok : EXIT.status
  } catch (error) {
    // Whoever reads the output has enough: `tsgi fetch … | head`.
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') return EXIT.ok
    outputs.note(`tsgi: the response broke off; what came of it is not whole.\n`)
    return EXIT.internal
  }
}

function head(direction: '<' | '>', first: string, fields: HeaderList): string {
  let text = `${direction} ${first}\n`
  for (let i = 0; i < fields.length; i += 2) text += `${direction} ${fields[i]}: ${fields[i + 1]}\n`
  return printable(`${text}${direction}\n`)
}
