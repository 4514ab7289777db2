/** TSGI applications on `node:http`, by clause of SPEC.md: what they are told. */
import http, { type RequestListener } from 'node:http'
import type { Application, EnvironData } from '@tsgi/spec'
import connect from 'connect'
import express from 'express'
import { describe, expect, test } from 'vitest'
import { toNodeListener } from '../src/to-node/index.ts'
import { listen } from './hosts.ts'
import { requestText, talk } from './wire.ts'

/** What an application is told, without what only this process knows. */
async function environOf(
  request: readonly (string | Uint8Array)[],
  mount?: (listener: RequestListener) => RequestListener,
) {
  let seen: Partial<EnvironData> = {}
  const application: Application = (environ, startResponse) => {
    const { input: _i, errors: _e, server: _s, ...data } = environ
    seen = data
    startResponse(204, [])
    return null
  }
  const listener = toNodeListener(application)
  const server = http.createServer(mount === undefined ? listener : mount(listener))
  await using running = await listen(server)
  await talk(running.port, request)
  return { seen, port: running.port }
}

describe('the environ', () => {
  test('says the request', async () => {
    const { seen, port } = await environOf([
      'PATCH /a%2Fb//c?d=e&f HTTP/1.1\r\nHost: example.test:81\r\nX-A: 1\r\nx-a: 2\r\n\r\n',
    ])
    expect(seen).toEqual({
      version: [1, 0],
      requestMethod: 'PATCH',
      scriptName: '',
      pathInfo: '/a%2Fb//c',
      queryString: 'd=e&f',
      serverName: 'example.test',
      serverPort: 81,
      serverProtocol: 'HTTP/1.1',
      urlScheme: 'http',
      remoteAddr: '127.0.0.1',
      remotePort: expect.any(Number),
      headers: ['host', 'example.test:81', 'x-a', '1', 'x-a', '2'],
      multithread: true,
      multiprocess: false,
      runOnce: false,
      'tsgi.local': { address: '127.0.0.1', port },
    })
  })

  test('P.5: a target in absolute form wins over Host', async () => {
    const { seen } = await environOf(['GET http://other.test/x?y HTTP/1.1\r\nHost: example.test\r\n\r\n'])
    expect(seen).toMatchObject({ serverName: 'other.test', serverPort: 80, pathInfo: '/x', queryString: 'y' })
    expect(seen.headers).toEqual(['host', 'other.test'])
  })

  test('of a request without Host is the listener', async () => {
    const { seen, port } = await environOf(['GET / HTTP/1.0\r\n\r\n'])
    expect(seen).toMatchObject({ serverName: '127.0.0.1', serverPort: port, serverProtocol: 'HTTP/1.0', headers: [] })
  })

  const mounts: Readonly<Record<string, (listener: RequestListener) => RequestListener>> = {
    Express: (listener) => express().use('/shop', listener) as RequestListener,
    connect: (listener) => connect().use('/shop', listener as never) as RequestListener,
  }
  for (const [name, mount] of Object.entries(mounts)) {
    test.for([
      ['/shop', '/shop', ''],
      ['/shop/', '/shop', '/'],
      ['/shop/a%20b?c', '/shop', '/a%20b'],
      ['/SHOP/x', '/SHOP', '/x'],
    ])(`P.4: %s below a mount of ${name}`, async ([target = '', scriptName, pathInfo]) => {
      const { seen } = await environOf(requestText('GET', target), mount)
      expect(seen).toMatchObject({ scriptName, pathInfo })
    })
  }

  test('of a mount at the root has no prefix', async () => {
    const { seen } = await environOf(requestText('GET', '/a'), (listener) => express().use(listener) as RequestListener)
    expect(seen).toMatchObject({ scriptName: '', pathInfo: '/a' })
  })
})
