/** The kit and the grid in one process, by the parts that can notice a fault of a file. */
import {
  EXERCISES,
  exercisePath,
  frameworkSubject,
  SERVER_BEHAVIOURS,
  serverSubject,
  Session,
  type Behaviour,
  type Subject,
} from '@tsgi/conformance'
import { exerciseApplication, type MakeApplication } from '@tsgi/conformance/exercise-application'
import type { ServerModule } from '@tsgi/spec/server'

export interface Suite {
  readonly session: Session
  readonly behaviours: readonly Behaviour[]
}

const SERVERS: Readonly<Record<string, () => Promise<ServerModule>>> = {
  'event-loop': async () => (await import('@tsgi/server-event-loop')).serverModule,
  'node:http': async () => (await import('@tsgi/matrix/node-http')).serverModule,
  fetch: async () => (await import('../hosts/hono-node-server.ts')).default,
}

/**
 * `kit event-loop`, or a framework on a server: `express event-loop`.
 *
 * @param patience multiplies deadlines, so that a busy machine is no fault
 */
export async function openSuite(name: string, patience: number): Promise<Suite> {
  const [what = '', where = ''] = name.split(' ')
  const server = await SERVERS[where]?.()
  if (server === undefined) throw new Error(`expected one of ${Object.keys(SERVERS).join(', ')}, got "${where}"`)
  if (what === 'kit') {
    return {
      session: new Session(serverSubject(server, { patience }), SERVER_BEHAVIOURS),
      behaviours: SERVER_BEHAVIOURS,
    }
  }
  const made: { readonly default: MakeApplication } = await import(`@tsgi/matrix/applications/${what}`)
  const subject: Subject = frameworkSubject({
    name,
    server,
    patience,
    app: (folder) => exerciseApplication(made.default, { name, folder }),
  })
  return { session: new Session(subject, EXERCISES, exercisePath), behaviours: EXERCISES }
}

const EXCHANGE = [
  'kit event-loop',
  'kit node:http',
  'kit fetch',
  'raw event-loop',
  'express event-loop',
  'hono event-loop',
]

/** Files of the repository by the beginnings of their paths, in groups; and the suites that run them, the likeliest first. */
export const GROUPS: readonly {
  readonly group: string
  readonly share: number
  readonly files: Readonly<Record<string, readonly string[]>>
}[] = [
  { group: 'exchange', share: 20, files: { 'packages/exchange/src/': EXCHANGE } },
  {
    group: 'carriers',
    share: 15,
    files: {
      'packages/connection/src/': ['kit event-loop', 'raw event-loop', 'express event-loop', 'hono event-loop'],
      'packages/adapter-node/src/to-node/': ['kit node:http', 'raw node:http', 'express node:http', 'hono node:http'],
      'packages/adapter-fetch/src/to-fetch/': ['kit fetch', 'raw fetch'],
    },
  },
  {
    group: 'adapters',
    share: 15,
    files: {
      'packages/adapter-node/src/from-node/': [
        'express event-loop',
        'koa event-loop',
        'fastify event-loop',
        'express node:http',
      ],
      'packages/adapter-fetch/src/from-fetch/': ['hono event-loop', 'h3 event-loop', 'hono node:http'],
      'packages/adapter-wsgi/src/': ['wsgi event-loop', 'wsgi node:http'],
    },
  },
]

/** The suites that a fault of this file is looked for with. */
export function suitesOf(file: string): readonly string[] {
  for (const { files } of GROUPS) {
    for (const [beginning, suites] of Object.entries(files)) if (file.startsWith(beginning)) return suites
  }
  throw new Error(`expected a file of a group in suites.ts, got ${file}`)
}
