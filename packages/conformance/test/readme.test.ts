import { readFileSync } from 'node:fs'
import { readmeOf } from '@tsgi/readme'
import { expect, test } from 'vitest'
import { serverModule } from '@tsgi/server-event-loop'
import { same, serverSubject, Session, type Behaviour } from '../src/index.ts'

const README = readmeOf(import.meta.url)
const examples = [...README.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code as string)

test('the first example is the test that runs here', () => {
  const here = readFileSync(new URL('event-loop.test.ts', import.meta.url), 'utf8')
  expect(examples[0]).toContain('describeServer(serverModule)')
  expect(here).toContain('describeServer(serverModule')
})

test('the behaviour of the README can be written as it is, and run', async () => {
  const teapot: Behaviour = {
    id: 'teapot',
    title: 'sends a status that it has not heard of',
    clause: 'S.1',
    level: 1,
    async check(t) {
      same('status', (await t.request()).status, 418)
    },
  }
  const subject = serverSubject(serverModule)
  const session = new Session({ ...subject, start: async (options) => startTeapot(options) }, [teapot], () => '/')
  const outcome = await session.outcome(teapot)
  await session.close()
  expect(outcome.kind).toBe('passed')
})

async function startTeapot(options: object): ReturnType<ReturnType<typeof serverSubject>['start']> {
  const running = await serverModule.serve(
    (_environ, startResponse) => {
      startResponse(418, [])
      return null
    },
    { listen: [{ host: '127.0.0.1', port: 0 }], ...options },
  )
  const { host, port } = running.addresses[0] as { readonly host: string; readonly port: number }
  return { target: { host, port }, folder: '', log: [], stop: async () => void (await running.close({ graceful: 0 })) }
}
