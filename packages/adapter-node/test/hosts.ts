/** The ways a Node listener is run: as its authors did, and as a TSGI application on two servers. */
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Logger } from '@tsgi/spec/server'
import { serve } from '@tsgi/server-event-loop'
import { validate, type Finding } from '@tsgi/validator'
import { fromNodeListener, nodeListenerOf, type NodeApplication, type NodeListener } from '../src/from-node/index.ts'
import { toNodeListener } from '../src/to-node/index.ts'

export type Subject = NodeApplication

/** Any listener, as tests write them. */
export type Listener = (request: IncomingMessage, response: ServerResponse) => unknown

export interface Hosted extends AsyncDisposable {
  readonly port: number
  /** What the server logged; empty for `node:http`, which has no log. */
  readonly log: readonly string[]
  /** Breaches of SPEC.md that the validator saw between adapter and server. */
  readonly findings: readonly Finding[]
}

export interface Host {
  readonly name: string
  serve(subject: Subject): Promise<Hosted>
}

export const nodeHttp: Host = {
  name: 'node:http',
  async serve(subject) {
    const listener = nodeListenerOf(subject) ?? (subject as NodeListener)
    await listener.startup?.()
    const server = http.createServer(listener)
    return { ...(await listen(server)), log: [], findings: [] }
  },
}

export const eventLoop: Host = {
  name: 'the event-loop server',
  async serve(subject) {
    const { log, entries } = collect()
    const findings: Finding[] = []
    const application = validate(fromNodeListener(subject, { unansweredAfter: 0.001 }), { report: findings })
    const server = await serve(application, { listen: [{ host: '127.0.0.1', port: 0 }], log })
    const [address] = server.addresses
    if (address === undefined || address.family === 'unix') throw new Error('no port')
    return {
      port: address.port,
      log: entries,
      findings,
      [Symbol.asyncDispose]: async () => void (await server.close({ graceful: 0 })),
    }
  },
}

export const roundTrip: Host = {
  name: 'toNodeListener(fromNodeListener(…))',
  async serve(subject) {
    const { log, entries } = collect()
    const findings: Finding[] = []
    const listener = toNodeListener(
      validate(fromNodeListener(subject, { unansweredAfter: 0.001 }), { report: findings }),
      {
        log,
      },
    )
    const server = http.createServer()
    listener.attach(server)
    await listener.startup()
    return { ...(await listen(server)), log: entries, findings }
  },
}

export const tsgiHosts: readonly Host[] = [eventLoop, roundTrip]

export function collect(): { readonly log: Logger; readonly entries: string[] } {
  const entries: string[] = []
  const log: Logger = (level, message, fields) => {
    const error = fields?.['error']
    const detail = error instanceof Error ? `\n${error.stack}` : error === undefined ? '' : ` ${String(error)}`
    entries.push(`${level}: ${message}${detail}`)
  }
  return { log, entries }
}

export async function listen(server: http.Server): Promise<AsyncDisposable & { readonly port: number }> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
