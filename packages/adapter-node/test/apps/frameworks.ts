/** The applications as people write them, with the requests that they are compared by. */
import type { NodeApplication } from '@tsgi/adapter-node/from-node'
import { expressApp } from './express-app.ts'
import { expressDifferences, expressRequests } from './express-requests.ts'
import { fastifyApp } from './fastify-app.ts'
import { fastifyDifferences, fastifyRequests } from './fastify-requests.ts'
import { koaApp } from './koa-app.ts'
import { koaDifferences, koaRequests } from './koa-requests.ts'
import type { Differences, Row } from './row.ts'

export interface Framework {
  readonly name: string
  readonly make: () => NodeApplication
  readonly requests: readonly Row[]
  readonly differences: Differences
  /** Targets that together use what the framework is used for; none of them tells what its process did before. */
  readonly essential: readonly string[]
}

export const FRAMEWORKS = {
  express: {
    name: 'Express',
    make: () => expressApp(),
    requests: expressRequests,
    differences: expressDifferences,
    essential: [
      '/json/echo',
      '/files/hello.txt',
      '/files/digits.txt',
      '/upload',
      '/pipe',
      '/compressed/stream',
      '/throws',
      '/next-error',
    ],
  },
  koa: {
    name: 'Koa',
    make: () => koaApp(),
    requests: koaRequests,
    differences: koaDifferences,
    essential: ['/body', '/stream', '/file', '/echo', '/stream-error', '/throws', '/client-fault', '/cookies'],
  },
  fastify: {
    name: 'Fastify',
    make: () => fastifyApp(),
    requests: fastifyRequests,
    differences: fastifyDifferences,
    essential: [
      '/books',
      '/on-send',
      '/files/hello.txt',
      '/files/digits.txt',
      '/raw',
      '/raw-end',
      '/upload',
      '/scope/fails',
    ],
  },
} as const satisfies Readonly<Record<string, Framework>>

export type FrameworkName = keyof typeof FRAMEWORKS
