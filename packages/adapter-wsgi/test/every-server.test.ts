/** The textbook applications on each of the three servers. */
import { serve as serveCluster } from '@tsgi/server-cluster'
import { serve as serveEventLoop } from '@tsgi/server-event-loop'
import { serve as serveProcesses } from '@tsgi/server-process'
import type { RunningServer } from '@tsgi/spec/server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import application from './worker-app.ts'

const module = { module: new URL('worker-app.ts', import.meta.url) }
const options = { listen: [{ host: '127.0.0.1', port: 0 }], timeouts: { keepAlive: 60_000 }, log: () => {} }

describe.each<readonly [name: string, start: () => Promise<RunningServer>]>([
  ['event-loop', () => serveEventLoop(application, options)],
  ['cluster', () => serveCluster(module, { ...options, workers: 2 })],
  ['process', () => serveProcesses(module, { ...options, spare: 2 })],
])('on the server "%s"', (_, start) => {
  let server: RunningServer
  let origin = ''

  beforeAll(async () => {
    server = await start()
    origin = new URL(server.urls[0] as string).origin
  }, 30_000)
  afterAll(() => server.close({ graceful: 0 }))

  test.each([
    ['simple_app', 'Hello world!\n'],
    ['AppClass', 'Hello GET!\n'],
    ['counting', '1\n2\n3\n'],
    ['printing', 'one\ntwo\nthree\n'],
    ['upper', '1\n2\n3\n'],
  ])('%s answers', async (name, expected) => {
    const answer = await fetch(`${origin}/${name}`)
    expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
      200,
      'text/plain',
      expected,
    ])
  })

  test('the environ tells of the request, below its dispatcher', async () => {
    const answer = await fetch(`${origin}/show_environ/a%20b?c=d`, { headers: { 'X-Test': 'yes' } })
    const lines = (await answer.text()).split('\n')
    expect(lines).toEqual(
      expect.arrayContaining([
        'SCRIPT_NAME: /show_environ',
        'PATH_INFO: /a b',
        'QUERY_STRING: c=d',
        'HTTP_X_TEST: yes',
        'REMOTE_ADDR: 127.0.0.1',
        `SERVER_PORT: ${new URL(origin).port}`,
      ]),
    )
  })

  test('a form is read, and an upload is counted line by line', async () => {
    const body = new URLSearchParams([
      ['age', '42'],
      ['hobbies', 'chess'],
      ['hobbies', 'go'],
    ])
    const posted = await fetch(`${origin}/form`, { method: 'POST', body })
    expect(await posted.text()).toBe('Age: 42\nHobbies: chess, go\n')
    const lines = `${'x'.repeat(99)}\n`.repeat(20_000)
    expect(await (await fetch(`${origin}/count_lines`, { method: 'POST', body: lines })).text()).toBe('20000')
  })

  test('middleware adds a field, exc_info replaces the head, and the dispatcher knows what is not there', async () => {
    expect((await fetch(`${origin}/header`)).headers.get('x-added')).toBe('yes')
    const oops = await fetch(`${origin}/careful`)
    expect([oops.status, await oops.text()]).toEqual([500, 'error body goes here'])
    expect((await fetch(`${origin}/nothing`)).status).toBe(404)
  })
})
