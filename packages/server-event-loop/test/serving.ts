/** A server on a free port for the time of a test, with its log kept and its clients closed. */
import { afterEach } from 'vitest'
import type { Application } from '@tsgi/spec'
import type { Address, LogLevel, RunningServer, ServeOptions } from '@tsgi/spec/server'
import { serve } from '../src/index.ts'
import { Client } from './client.ts'

export interface LogLine {
  readonly level: LogLevel
  readonly message: string
  readonly error: unknown
}

export interface Serving {
  readonly server: RunningServer
  readonly log: LogLine[]
  connect(): Client
  /** Sends one request and gives all that comes until the server closes. */
  exchange(text: string): Promise<string>
  get(path: string, fields?: string): Promise<string>
}

const cleanups: (() => unknown)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

export async function serving(app: Application, options: ServeOptions = {}): Promise<Serving> {
  const log: LogLine[] = []
  const server = await serve(app, {
    listen: [{ host: '127.0.0.1', port: 0 }],
    log: (level, message, fields) => log.push({ level, message, error: fields?.['error'] }),
    ...options,
  })
  cleanups.push(() => server.close({ graceful: 0 }))
  const connect = (): Client => {
    const client = new Client({ host: '127.0.0.1', port: portOf(server.addresses[0]) })
    cleanups.push(() => client.socket.destroy())
    return client
  }
  const exchange = (text: string): Promise<string> => connect().send(text).toEnd()
  return {
    server,
    log,
    connect,
    exchange,
    get: (path, fields = '') => exchange(`GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${fields}\r\n`),
  }
}

export function portOf(address: Address | undefined): number {
  if (address === undefined || address.family === 'unix') throw new Error('the server listens on no port')
  return address.port
}

/** A promise with its hands, and what a test waits for. */
export function deferred<T = void>(): PromiseWithResolvers<T> {
  return Promise.withResolvers<T>()
}
