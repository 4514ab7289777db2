/** The end of a server module around a host of Node listeners. */
import { once } from 'node:events'
import http from 'node:http'
import net from 'node:net'
import type { Application } from '@tsgi/spec'
import { expect, test } from 'vitest'
import { defineNodeServer, listenOn } from '../src/node-server/index.ts'

const nodeHttp = defineNodeServer({
  name: 'node:http',
  async listen(listener, { host, port }) {
    const server = http.createServer()
    listener.attach(server)
    return await listenOn(server, { host, port })
  },
})

const UPGRADE = 'GET / HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n'
const GET = 'GET / HTTP/1.1\r\nhost: a\r\n\r\n'

async function serve(application: Application, graceful: number) {
  const running = await nodeHttp.serve(application, {
    listen: [{ host: '127.0.0.1', port: 0 }],
    timeouts: { graceful },
  })
  const [address] = running.addresses
  const client = net.connect(address !== undefined && 'port' in address ? address.port : 0, '127.0.0.1')
  return { running, client }
}

test('cuts off an upgraded connection at the graceful limit', async () => {
  const endless: Application = (environ) =>
    environ.server.upgrade?.('echo', [], async (input) => {
      for await (const _ of input);
    }) ?? null
  const { running, client } = await serve(endless, 30)
  client.write(UPGRADE)
  await once(client, 'data')
  expect(await running.close()).toEqual({ cutOff: 1 })
  if (!client.closed) await once(client, 'close')
})

test('lets a response end where its time is longer than a timer can wait', async () => {
  const answer = Promise.withResolvers<string>()
  const { running, client } = await serve((_environ, startResponse) => {
    startResponse(200, [])
    return answer.promise
  }, Number.POSITIVE_INFINITY)
  client.end(GET)
  await expect.poll(() => running.stats().active).toBe(1)
  const closed = running.close()
  await new Promise((resolve) => setTimeout(resolve, 20))
  answer.resolve('late')
  expect(await closed).toEqual({ cutOff: 0 })
})
