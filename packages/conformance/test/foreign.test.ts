/** The kit against servers that know nothing of it. */
import { once } from 'node:events'
import http from 'node:http'
import net, { type AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { serverModule } from '@tsgi/server-event-loop'
import { conform, ConformError, describeOutcomes, junit, type Outcome, SERVER_BEHAVIOURS } from '../src/index.ts'
import { SERVER_FAULTS } from './fixtures/server-faults.ts'

const servers: net.Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

async function listening(server: net.Server): Promise<string> {
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

const failed = (outcomes: readonly Outcome[]): string[] =>
  outcomes.flatMap(({ kind, behaviour }) => (kind === 'failed' ? [behaviour.id] : []))

test('finds what node:http is known to miss, and asks it nothing that needs our application', async () => {
  const url = await listening(http.createServer((_request, response) => void response.end('hello')))
  const { outcomes, conforms } = await conform(url, {
    only: ['host-', 'target-star-get', 'startup-first'],
  })
  expect(conforms).toBe(false)
  expect(failed(outcomes)).toEqual(expect.arrayContaining(['host-twice', 'host-userinfo']))
  expect(failed(outcomes)).not.toContain('target-star-get')
  expect(failed(outcomes)).not.toContain('host-missing')
  expect(outcomes.find(({ behaviour }) => behaviour.id === 'startup-first')?.kind).toBe('inapplicable')
})

test('says of a server that hangs that it hangs, within the deadline, and that the rest is blocked', async () => {
  const url = await listening(net.createServer(() => {}))
  const { outcomes, subject } = await conform(url, { only: ['boot-', 'keep-alive', 'date'] })
  expect(outcomes.map(({ kind }) => kind)).toEqual(['passed', 'failed', 'blocked', 'blocked'])
  const report = describeOutcomes(subject, outcomes)
  expect(report).toContain('nothing within the deadline')
  expect(report).toContain('→ GET / HTTP/1.1␍␊')
  expect(report).toContain(`again     tsgi conform ${url} --only boot-answers`)
  expect(report).toContain('2 blocked until boot-answers holds: keep-alive, date')
})

test('shows what the server logged while a case failed', async () => {
  const planted = SERVER_FAULTS.find(({ found }) => found === 'error-elsewhere')
  if (planted === undefined) throw new Error('no such fault is planted')
  const { outcomes, subject } = await conform(planted.server, { only: ['error-elsewhere'] })
  expect(describeOutcomes(subject, outcomes)).toMatch(/\n {2}the server logged\n {4}error .*\n[^]*Error: one of many\n/)
})

test('says that no server is listening, rather than blame one', async () => {
  const gone = net.createServer()
  const url = await listening(gone)
  gone.close()
  const { host } = new URL(url)
  await expect(conform(url, { only: ['boot-listens'] })).rejects.toThrow(
    new ConformError(`no server is listening at ${host}. Start it first, or check the port.`),
  )
})

test('writes JUnit with one case for each behaviour', async () => {
  const { outcomes, subject, conforms } = await conform(serverModule, { only: ['host-', 'cr-'] })
  expect(conforms).toBe(true)
  const xml = junit(subject, outcomes)
  expect(xml.match(/<testcase /g)).toHaveLength(outcomes.length)
  expect(xml).toContain('failures="0"')
})

test('loads a server module by package or file, and says what is wrong with others', async () => {
  const { outcomes } = await conform('@tsgi/server-event-loop', { only: ['boot-'] })
  expect(outcomes.every(({ kind }) => kind === 'passed')).toBe(true)
  await expect(conform('./nowhere.ts')).rejects.toThrow(/\.\/nowhere\.ts cannot be loaded/)
  await expect(conform('node:path')).rejects.toThrow(/exports no server module/)
  await expect(conform('https://127.0.0.1/')).rejects.toThrow(ConformError)
  await expect(conform('http://127.0.0.1/', { only: ['nothing-like-it'] })).rejects.toThrow(/--list/)
})

test('tells every capability that a server does not claim', async () => {
  const { outcomes } = await conform(serverModule, { only: ['upgrade'], capabilities: [] })
  const upgrade = outcomes.find(({ behaviour }) => behaviour.id === 'upgrade')
  expect(upgrade).toMatchObject({ kind: 'inapplicable', reason: 'event-loop does not claim upgrade' })
  expect(SERVER_BEHAVIOURS.some(({ capability }) => capability === 'upgrade')).toBe(true)
})
