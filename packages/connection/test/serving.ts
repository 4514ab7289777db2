/** A server for the time of a test, with its log kept and its clients closed: in memory, or on a socket where a test asks for it. */
import { once } from 'node:events'
import net from 'node:net'
import { ACCEPT_OPTIONS, HttpServer, type ProcessFacts } from '@tsgi/connection'
import type { Application } from '@tsgi/spec'
import type { LogLevel, ServeOptions } from '@tsgi/spec/server'
import { afterEach } from 'vitest'
import { Client, memoryLine, socketLine } from './client.ts'

export interface LogLine {
  readonly level: LogLevel
  readonly message: string
  readonly error: unknown
}

type Way = 'memory' | 'sockets'

export interface Serving {
  readonly http: HttpServer
  /** Of the listener, where it runs over sockets. */
  readonly port: number
  readonly log: LogLine[]
  connect(): Client
  /** Sends one request and returns what is received until the server closes. */
  exchange(text: string): Promise<string>
  get(path: string, fields?: string): Promise<string>
}

const FACTS = { name: 'test', multithread: true, multiprocess: false, runOnce: false }

let usual: Way = 'memory'

/** What tests that begin from now on run over, but for those that name it. */
export function over(way: Way): void {
  usual = way
}

const cleanups: (() => unknown)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

export async function serving(
  app: Application,
  options: ServeOptions = {},
  way: Way = usual,
  facts: ProcessFacts = FACTS,
): Promise<Serving> {
  const log: LogLine[] = []
  const http = new HttpServer(
    app,
    { log: (level, message, fields) => log.push({ level, message, error: fields?.['error'] }), ...options },
    facts,
  )
  const port = way === 'memory' ? 0 : await listen(http)
  const line =
    way === 'memory' ? memoryLine((transport) => http.accept(transport)) : socketLine({ host: '127.0.0.1', port })
  cleanups.push(() => http.drain({ graceful: 0 }))
  const connect = (): Client => {
    const client = new Client(line)
    cleanups.push(() => client.reset())
    return client
  }
  const exchange = (text: string): Promise<string> => connect().send(text).toEnd()
  return {
    http,
    port,
    log,
    connect,
    exchange,
    get: (path, fields = '') => exchange(`GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${fields}\r\n`),
  }
}

async function listen(http: HttpServer): Promise<number> {
  const listener = net.createServer(ACCEPT_OPTIONS)
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  http.attach(listener)
  cleanups.push(() => listener.close())
  return (listener.address() as net.AddressInfo).port
}

/** A promise with its hands, and what a test waits for. */
export function deferred<T = void>(): PromiseWithResolvers<T> {
  return Promise.withResolvers<T>()
}
