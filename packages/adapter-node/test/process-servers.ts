/** The same applications on the servers that load them in processes of their own: answered as on `node:http`. */
import { Agent, request as send } from 'node:http'
import { text } from 'node:stream/consumers'
import { serve as serveCluster } from '@tsgi/server-cluster'
import { serve as serveProcesses } from '@tsgi/server-process'
import type { ModuleReference, RunningServer } from '@tsgi/spec/server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FRAMEWORKS, type Framework, type FrameworkName } from './apps/frameworks.ts'
import { expectSame } from './compare.ts'
import { nodeHttp, type Hosted } from './hosts.ts'
import { requestText, talk } from './wire.ts'

const options = { listen: [{ host: '127.0.0.1', port: 0 }], log: () => {} }
const servers = {
  // One worker, since sessions and counters are in its memory.
  cluster: (app: ModuleReference) => serveCluster(app, { ...options, workers: 1 }),
  process: (app: ModuleReference) => serveProcesses(app, { ...options, spare: 4 }),
} as const

/** What each of these frameworks answers on each of these servers. */
export function describeProcessServers(
  kinds: readonly (keyof typeof servers)[],
  names: readonly FrameworkName[],
): void {
  describe.each(kinds)('on the server "%s"', (server) => {
    for (const framework of names) {
      describe(FRAMEWORKS[framework].name, () => {
        const { make, requests, differences, essential }: Framework = FRAMEWORKS[framework]
        let node: Hosted
        let tsgi: RunningServer
        let port = 0

        beforeAll(async () => {
          node = await nodeHttp.serve(make())
          tsgi = await servers[server]({
            module: new URL('apps/worker-app.ts', import.meta.url),
            config: { framework },
          })
          port = Number(new URL(tsgi.urls[0] as string).port)
        }, 60_000)
        afterAll(async () => {
          await node[Symbol.asyncDispose]()
          await tsgi.close({ graceful: 0 })
        })

        // Each takes a process of its own there, which remembers nothing.
        const rows = server === 'process' ? requests.filter(([, target]) => essential.includes(target)) : requests
        test.for(rows)('%s %s', async ([method, target, fields = {}, body = null]) => {
          const request = requestText(method, target, fields, body)
          const expected = await talk(node.port, request)
          const actual = await talk(port, request)
          expectSame(actual, expected, differences[`${method} ${target}`])
          expect(actual.final?.complete).toBe(true)
        })

        if (framework === 'express') {
          test('a session goes on with its cookie', async () => {
            const agent = new Agent({ keepAlive: true, maxSockets: 1 })
            const first = await get(port, agent, '/session/count')
            const cookie = first.cookie.split(';')[0] as string
            expect(first.body).toBe('views: 1')
            expect((await get(port, agent, '/session/count', cookie)).body).toBe('views: 2')
            agent.destroy()
          })
        }
      })
    }
  })
}

function get(
  port: number,
  agent: Agent,
  path: string,
  cookie?: string,
): Promise<{ readonly body: string; readonly cookie: string }> {
  return new Promise((resolve, reject) => {
    const headers = cookie === undefined ? {} : { cookie }
    send({ host: '127.0.0.1', port, path, agent, headers }, (response) => {
      text(response).then((body) => resolve({ body, cookie: response.headers['set-cookie']?.[0] ?? '' }), reject)
    })
      .on('error', reject)
      .end()
  })
}
