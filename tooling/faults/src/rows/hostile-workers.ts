/** Row 27: an application that writes to the channel of its worker, which it can reach as it can reach any descriptor. */
import { expect, test } from 'vitest'
import { isRunning, memoryOf } from '../processes.ts'
import { serve, type ServerUnderTest, type Subject } from '../subject.ts'
import { until } from '../until.ts'

const CHANNEL = 3
/** Node's own, on which sockets are sent. The process server has none. */
const NODE_CHANNEL = 4

const FIGURES = '"figures":{"connections":0,"active":0,"requests":0,"accepted":0,"rss":0}'

const NONSENSE: readonly (readonly [what: string, text: string])[] = [
  ['a line that is not JSON', 'nonsense\n'],
  ['JSON that is no message', '[null]\n'],
  ['an unknown kind', '{"type":"nosuch"}\n'],
  ['a log line of an unknown level', '{"type":"log","level":"nosuch","message":"x","fields":{}}\n'],
  ['access records without their fields', '{"type":"access","records":[{}],"dropped":0}\n'],
  ['its last words without figures', '{"type":"drained"}\n'],
  ['a beat with wrong figures', `{"type":"beat",${FIGURES.replace('0', '-1')}}\n`],
  ['compiled code that nobody asked for', '{"type":"code","code":"AAAA"}\n'],
]

const NODE_NONSENSE: readonly (readonly [what: string, text: string])[] = [
  ['a line that is not JSON', 'nonsense\n'],
  ['an answer of the runtime that is not due', '{"cmd":"NODE_HANDLE_ACK"}\n'],
  ['the message of a socket, without one', '{"cmd":"NODE_HANDLE","type":"nosuch"}\n'],
]

export function hostileWorkers(subject: Subject): void {
  const victims = async (server: ServerUnderTest, path: string): Promise<void> => {
    const victim = server.connect()
    const { pid } = JSON.parse((await victim.get('/who').response()).body) as { readonly pid: number }
    victim.get(path)
    await until('the worker to be killed', () => !isRunning(pid), 10_000)
    expect(server.stderr).toContain(`(pid ${pid}) broke the protocol of its channel`)
  }
  const goesOn = async (server: ServerUnderTest): Promise<void> => {
    expect((await server.get('/who')).status).toBe(200)
    server.script = 'v2'
    server.signal('SIGHUP')
    await server.said(/^reloaded$/m)
    expect((await server.who()).version).toBe('v2')
    server.signal('SIGTERM')
    expect(await server.ended).toEqual({ code: 0, signal: null })
  }
  const descriptor = (path: string, fd: number, text: string): string => `${path}?${fd},${encodeURIComponent(text)}`

  test('row 27: a worker that writes nonsense to its channel is replaced; the supervisor serves, reloads and stops', async () => {
    const server = await serve(subject)
    for (const [, text] of NONSENSE) await victims(server, descriptor('/descriptor', CHANNEL, text))
    await goesOn(server)
  })

  test.skipIf(subject.name !== 'cluster')(
    'row 27: so is one that writes nonsense to the channel of the runtime',
    async () => {
      const server = await serve(subject)
      for (const [, text] of NODE_NONSENSE) await victims(server, descriptor('/descriptor', NODE_CHANNEL, text))
      await goesOn(server)
    },
  )

  test('row 27: so is one that floods its channel with good messages, or with a line that never ends', async () => {
    const server = await serve(subject)
    const before = memoryOf(server.pid)
    await victims(server, descriptor('/flood', CHANNEL, `{"type":"beat",${FIGURES}}\n`))
    await victims(server, descriptor('/flood', CHANNEL, 'x'))
    expect(memoryOf(server.pid) - before).toBeLessThan(150 * 2 ** 20)
    await goesOn(server)
  })
}
