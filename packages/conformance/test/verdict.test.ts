/** What binds a server by its address, and what is only reported of it. */
import { once } from 'node:events'
import http from 'node:http'
import net, { type AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { serverModule } from '@tsgi/server-event-loop'
import { conform, conformanceJson, describeOutcomes, forceOf, junit, SERVER_BEHAVIOURS } from '../src/index.ts'

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

const nodeHttp = (): Promise<string> => listening(http.createServer((_request, response) => void response.end('hello')))

/** Answers every head with `answer`, whatever is in it, and ends after so many. */
const answering = (answer: string, count: number): Promise<string> =>
  listening(
    net.createServer((socket) => {
      let left = count
      let text = ''
      socket.on('error', () => {})
      socket.on('data', (bytes) => {
        text += bytes.toString('latin1')
        for (let end = text.indexOf('\r\n\r\n'); end >= 0 && left > 0; end = text.indexOf('\r\n\r\n')) {
          text = text.slice(end + 4)
          left -= 1
          socket.write(answer)
        }
        if (left === 0) socket.end()
      })
    }),
  )

const answer = (status: string): string =>
  `HTTP/1.1 ${status}\r\nDate: ${new Date().toUTCString()}\r\nContent-Length: 0\r\n\r\n`

describe('the verdict of a server by its address', () => {
  test('goes by what RFCs require: node:http conforms in what they allow, and fails what they do not', async () => {
    const url = await nodeHttp()
    const allowed = await conform(url, { only: ['double-space', 'length-zeros', 'underscore-', 'target-fragment'] })
    expect(allowed.outcomes.map(({ kind }) => kind)).toEqual(Array(5).fill('differs'))
    expect(allowed.conforms).toBe(true)
    const required = await conform(url, { only: ['host-twice', 'double-space'] })
    expect(required.outcomes.map(({ kind }) => kind).toSorted()).toEqual(['differs', 'failed'])
    expect(required.conforms).toBe(false)
  })

  test('has a section and a row for what does not count', async () => {
    const { subject, outcomes } = await conform(await nodeHttp(), {
      only: ['host-twice', 'host-missing', 'double-space', 'target-fragment', 'date'],
    })
    const report = describeOutcomes(subject, outcomes)
    expect(report).toContain(
      '\nshould, no failures (an RFC recommends it):\n  target-fragment  RFC 9112 §3.2: expected',
    )
    expect(report).toContain('\nours, no failures (RFCs leave it open):\n  double-space  RFC 9112 §3: expected')
    expect(report).toMatch(/\nmust +2 +1 .*decides the verdict\nshould +0 +1 .*does not count\nours +0 +1 .*\n/)
    expect(report).toMatch(/: 2 passed, 1 failed$/)
  })

  test('shows in full what is asked for alone, failure or not', async () => {
    const { subject, outcomes } = await conform(await nodeHttp(), { only: ['double-space'] })
    const report = describeOutcomes(subject, outcomes)
    expect(report).toContain('  force     ours, so no failure: RFCs leave it open\n')
    expect(report).toContain('    → GET  / HTTP/1.1␍␊')
  })

  test('has the force in JSON and in JUnit, where what does not count is skipped with a message', async () => {
    const conformance = await conform(await nodeHttp(), { only: ['host-twice', 'date', 'double-space'] })
    const { binding, outcomes } = conformanceJson(conformance)
    expect(binding).toEqual(['must'])
    expect(Object.fromEntries(outcomes.map(({ id, force, verdict }) => [id, `${force} ${verdict}`]))).toEqual({
      date: 'must passed',
      'double-space': 'ours differs',
      'host-twice': 'must failed',
    })
    expect(outcomes.find(({ id }) => id === 'double-space')).toMatchObject({ expected: 'status: 400', got: '200' })
    const xml = junit(conformance.subject, conformance.outcomes)
    expect(xml).toContain('tests="3" failures="1" skipped="1"')
    expect(xml).toContain(
      '<properties><property name="force" value="ours"/></properties><skipped message="ours, so no failure: expected status: 400, got 200"/>',
    )
  })

  test('weighs each expectation of a behaviour: both framings may be answered with 200, but then the connection closes', async () => {
    const only = ['coding-and-length']
    const closes = await conform(await answering(answer('200 OK'), 1), { only })
    expect(closes.outcomes[0]).toMatchObject({ kind: 'differs', failure: { force: 'ours', got: '200' } })
    const serves = await conform(await answering(answer('200 OK'), 2), { only })
    expect(serves.outcomes[0]).toMatchObject({ kind: 'failed', failure: { force: 'must' } })
  })

  test.each([
    ['coding-unknown', '501 Not Implemented', 'passed'],
    ['coding-unknown', '400 Bad Request', 'differs'],
    ['coding-unknown', '200 OK', 'failed'],
    ['field-too-large', '400 Bad Request', 'differs'],
    ['field-too-large', '500 Internal Server Error', 'failed'],
    ['target-too-long', '414 URI Too Long', 'passed'],
    ['target-too-long', '404 Not Found', 'differs'],
    ['target-too-long', '431 Request Header Fields Too Large', 'failed'],
    ['expectation-unknown', '200 OK', 'differs'],
    ['host-missing', '200 OK', 'failed'],
  ] as const)('%s answered with %s: %s', async (id, status, kind) => {
    const { outcomes } = await conform(await answering(answer(status), 1), { only: [id] })
    expect(outcomes.map((outcome) => outcome.kind)).toEqual([kind])
  })

  test('asks nothing that needs what the server may leave out and does', async () => {
    const { outcomes, conforms } = await conform(await answering(answer('200 OK'), 1), {
      only: ['keep-alive', 'pipelined'],
    })
    const kinds = Object.fromEntries(outcomes.map(({ behaviour, kind }) => [behaviour.id, kind]))
    expect(kinds).toMatchObject({ 'keep-alive': 'differs', pipelined: 'inapplicable' })
    expect(conforms).toBe(true)
  })
})

test('every force binds a server module', async () => {
  const { subject } = await conform(serverModule, { only: ['double-space'] })
  expect(subject.binding).toEqual(['must', 'should', 'ours'])
})

test('what RFCs allow is not a must', () => {
  const forces = Object.fromEntries(SERVER_BEHAVIOURS.map((behaviour) => [behaviour.id, forceOf(behaviour)]))
  for (const id of ['lf-request-line', 'lf-field', 'lf-head-end', 'expectation-unknown', 'length-zeros']) {
    expect(forces[id], id).toBe('ours')
  }
  expect(forces).toMatchObject({
    'underscore-length': 'ours',
    'method-overlong': 'should',
    'keep-alive': 'should',
    'host-twice': 'must',
    'space-before-colon': 'must',
    'length-negative': 'must',
    'body-string': 'must',
  })
})
