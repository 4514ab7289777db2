import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { describeReadme } from '@tsgi/readme'
import { expect, test } from 'vitest'
import { nodeServer, tsgiServer } from './readme-example.ts'

describeReadme(import.meta.url)

test('it greets on both servers', async () => {
  expect(await (await fetch(`${tsgiServer.urls[0]}hello/Ada`)).json()).toEqual({ hello: 'Ada' })
  if (!nodeServer.listening) await once(nodeServer, 'listening')
  const { port } = nodeServer.address() as AddressInfo
  expect(await (await fetch(`http://127.0.0.1:${port}/inner/hello/Ada`)).json()).toEqual({ hello: 'Ada' })
  await tsgiServer.close({ graceful: 0 })
  nodeServer.close()
  nodeServer.closeAllConnections()
})
