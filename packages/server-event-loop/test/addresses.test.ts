/** Addresses as the environ has them (SPEC E.6, E.9, E.15). */
import type { Application } from '@tsgi/spec'
import type { ServeOptions } from '@tsgi/spec/server'
import { expect, test } from 'vitest'
import { Client } from './client.ts'
import { portOf, serving } from './serving.ts'

const told: Application = (environ, start) => {
  start(200, [])
  const { remoteAddr, serverName, serverPort, 'tsgi.local': local } = environ
  return JSON.stringify({ remoteAddr, serverName, serverPort, local })
}

test('a client of IPv4 has an IPv4 address on a listener of ::, and so has the server', async () => {
  const addresses: (string | null)[] = []
  const options: ServeOptions = {
    listen: [{ host: '::', port: 0 }],
    access: ({ remoteAddr }) => void addresses.push(remoteAddr),
  }
  const { server } = await serving(told, options)
  const port = portOf(server.addresses[0])
  const client = new Client({ host: '127.0.0.1', port })
  const [answer] = await client.send('GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n').responses(1)
  expect(JSON.parse(answer?.body ?? '')).toEqual({
    remoteAddr: '127.0.0.1',
    serverName: '127.0.0.1',
    serverPort: port,
    local: { address: '127.0.0.1', port },
  })
  client.socket.destroy()
  await expect.poll(() => addresses).toEqual(['127.0.0.1'])
})
