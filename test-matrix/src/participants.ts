/** Who takes part. Adding a server or a framework is one line here. */
import { serverModule as cluster } from '@tsgi/server-cluster'
import { serverModule as eventLoop } from '@tsgi/server-event-loop'
import { serverModule as process } from '@tsgi/server-process'
import type { ServerModule } from '@tsgi/spec/server'
import { serverModule as nodeHttp } from './node-http.ts'

/** What cannot hold, by the exercise's id, and why. */
export type Cannot = Readonly<Record<string, string>>

export interface ServerEntry {
  readonly server: ServerModule
  /** Options of its own kind. */
  readonly options?: Readonly<Record<string, unknown>>
  readonly cannot?: Cannot
  /** Multiplies the deadlines of exercises: where each connection waits for a process. */
  readonly patience?: number
}

export interface FrameworkEntry {
  readonly name: string
  /** File in `apps/`, without its ending. */
  readonly app: string
  readonly cannot?: Cannot
}

const RECEIVED_FIRST =
  'PEP 3333 applications read without waiting, so the adapter receives the body before it calls them'
const NO_MOUNT = 'h3 routes by the URL of the Request, which has no word for the prefix of a mount'
export const SERVERS: readonly ServerEntry[] = [
  { server: nodeHttp },
  { server: eventLoop },
  { server: cluster, options: { workers: 2 } },
  { server: process, options: { spare: 3 }, patience: 4 },
]

export const FRAMEWORKS: readonly FrameworkEntry[] = [
  { name: 'raw TSGI', app: 'raw' },
  { name: 'framework-mini', app: 'mini' },
  { name: 'framework-views', app: 'views' },
  { name: 'WSGI style', app: 'wsgi', cannot: { 'upload-refused': RECEIVED_FIRST, 'continue-refused': RECEIVED_FIRST } },
  { name: 'Hono', app: 'hono' },
  { name: 'h3', app: 'h3', cannot: { 'mount-prefix': NO_MOUNT } },
  { name: 'Express', app: 'express' },
  { name: 'Koa', app: 'koa' },
  { name: 'Fastify', app: 'fastify' },
]
