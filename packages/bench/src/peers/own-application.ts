/** An application of the user's, run without TSGI: what its documentation would have, by the kind that it is. */
import { createServer } from 'node:http'
import { serve } from '@hono/node-server'
import { nodeListenerOf } from '@tsgi/adapter-node/from-node'
import { find, importModule } from '@tsgi/loader'
import type { PeerConfig } from '../subjects/subject.ts'
import { listening } from './listening.ts'

export async function listen({ app, cwd }: PeerConfig): Promise<number> {
  const found = await find(app, { cwd })
  const exported = found.export === null ? undefined : (await importModule(app.module, cwd))[found.export]
  if (found.kind === 'fetch' && isFetchApp(exported)) {
    return new Promise((resolve) =>
      serve({ fetch: (request) => exported.fetch(request), port: 0, hostname: '127.0.0.1' }, ({ port }) =>
        resolve(port),
      ),
    )
  }
  const listener = found.kind === 'node' ? nodeListenerOf(exported) : null
  if (listener !== null) {
    await listener.startup?.()
    return listening(createServer(listener).listen(0, '127.0.0.1'))
  }
  throw new Error(`${app.module} is ${found.what}: there is no server of another kind that it would run on`)
}

interface FetchApp {
  fetch(request: Request): Response | Promise<Response>
}

const isFetchApp = (value: unknown): value is FetchApp =>
  typeof value === 'object' && value !== null && typeof (value as Partial<FetchApp>).fetch === 'function'
