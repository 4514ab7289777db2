/** WebSocket libraries of Node's world, unchanged, on real servers, and behind proxies. */
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { LIBRARIES, type Library, pollThenUpgrade } from '../upgrades/libraries.ts'
import { isThere, proxied, PROXIES } from '../upgrades/proxies.ts'
import { served } from '../upgrades/served.ts'

const SERVERS = ['event-loop', 'cluster', 'process'] as const

/** Asks for a WebSocket where there is none. @returns the status */
async function refused(url: string): Promise<number | undefined> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/elsewhere`)
  socket.on('error', () => {})
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage]
  response.destroy()
  return response.statusCode
}

describe('WebSocket libraries', () => {
  describe.each(SERVERS)('on the server "%s"', (server) => {
    test.each(Object.entries(LIBRARIES))('%s', async (_name, { file, use, expected, environment }) => {
      const { url, log } = await served(file, server, await environment?.())
      expect(await use(url)).toEqual(expected)
      expect(log()).not.toMatch(/error|refused/i)
    })

    test('a refusal is the response, and is logged with its reason', async () => {
      const { url, logs } = await served('ws.ts', server)
      expect(await refused(url)).toBe(400)
      await logs('GET /elsewhere to websocket: the upgrade was refused: 400 Bad Request')
    })
  })

  test('socket.io begins with polling and goes over to a WebSocket', async () => {
    const { url } = await served('socket-io.ts', 'event-loop')
    expect(await pollThenUpgrade(url)).toEqual(['polling', 'websocket'])
  })

  for (const [name, proxy] of Object.entries(PROXIES)) {
    const there = isThere(proxy)
    describe.skipIf(!there)(`behind ${there ? name : `${name} (skipped: no ${name})`}`, () => {
      test.each(
        SERVERS.flatMap((server) => ['ws', 'socket.io, by WebSocket alone'].map((lib) => [lib, server] as const)),
      )('%s on the server "%s"', async (library, server) => {
        const { file, use, expected } = LIBRARIES[library] as Library
        const { url } = await served(file, server)
        const front = await proxied(proxy, url)
        expect(await use(front)).toEqual(expected)
      })
    })
  }
})
