/** TSGI applications on a `node:http` server, for the tests of `toNodeListener`. */
import http from 'node:http'
import type { Application, HeaderList } from '@tsgi/spec'
import { toNodeListener, type ApplicationListener, type ToNodeOptions } from '../src/to-node/index.ts'
import { collect, listen } from './hosts.ts'
import { requestText } from './wire.ts'

export const GET: readonly (string | Uint8Array)[] = requestText('GET', '/')
export const TEXT: HeaderList = ['content-type', 'text/plain']

export interface Running extends AsyncDisposable {
  readonly port: number
  readonly log: readonly string[]
  readonly listener: ApplicationListener
}

export async function host(application: Application, options: ToNodeOptions = {}): Promise<Running> {
  const { log, entries } = collect()
  const listener = toNodeListener(application, { log, ...options })
  const server = http.createServer()
  listener.attach(server)
  return { ...(await listen(server)), log: entries, listener }
}
