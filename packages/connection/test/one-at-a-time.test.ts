/** Where `multithread` is false (the server with a process for each connection), calls never overlap: a pipeline waits for each response. */
import type { Application } from '@tsgi/spec'
import { expect, test } from 'vitest'
import { held } from './held-transport.ts'

const GET = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

function telling(): { readonly told: string[]; readonly app: Application; readonly silent: Application } {
  const told: string[] = []
  const silent: Application = ({ pathInfo }, start) => {
    told.push(`call ${pathInfo}`)
    start(200, [])
    return pathInfo
  }
  const app: Application = (environ, start) => {
    environ.server.onFinish(() => told.push(`finish ${environ.pathInfo}`))
    return silent(environ, start)
  }
  return { told, app, silent }
}

test('each response of a pipeline is finished before the next call', async () => {
  const { told, app } = telling()
  const { wire } = held(app, {}, false)
  wire.receive(GET('/1') + GET('/2') + GET('/3'))
  await settle()
  expect(told).toEqual(['call /1', 'finish /1', 'call /2', 'finish /2', 'call /3', 'finish /3'])
  expect(wire.sent.match(/200 OK/g)).toHaveLength(3)
})

test('no call is made while the response before it waits to be taken, whether anybody listens for its end or not', async () => {
  for (const observed of [true, false]) {
    const { told, app, silent } = telling()
    const { wire } = held(observed ? app : silent, {}, false)
    wire.flowing = false
    wire.receive(GET('/1') + GET('/2'))
    await settle()
    expect(told).toEqual(['call /1'])
    expect(wire.sent).toMatch(/\/1$/)
    wire.drain()
    await settle()
    expect(told).toContain('call /2')
    expect(wire.sent).toMatch(/\/2$/)
  }
})

test('no call is made while the transport asks to wait', async () => {
  const { told, silent } = telling()
  const { wire } = held(silent, {}, false)
  wire.flowing = wire.roomy = false
  wire.receive(GET('/1') + GET('/2'))
  await settle()
  expect(told).toEqual(['call /1'])
  wire.drain()
  await settle()
  expect(told).toEqual(['call /1', 'call /2'])
})

test('a request that comes later is called as soon as it is there', async () => {
  const { told, silent } = telling()
  const { wire } = held(silent, {}, false)
  wire.receive(GET('/1'))
  await settle()
  wire.receive(GET('/2'))
  expect(told).toEqual(['call /1', 'call /2'])
})

test('what follows a response that closes the connection is never called', async () => {
  const { told, silent } = telling()
  const { wire } = held(silent, {}, false)
  wire.flowing = false
  wire.receive(`GET /1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n${GET('/2')}`)
  await settle()
  wire.drain()
  await settle()
  expect(told).toEqual(['call /1'])
  expect(wire.state).toBe('ended')
})

test('where calls may overlap, the responses of a pipeline leave in one write', () => {
  const { told, silent } = telling()
  const { wire } = held(silent)
  wire.flowing = false
  wire.receive(GET('/1') + GET('/2'))
  expect(told).toEqual(['call /1', 'call /2'])
})
