import { serverModule as cluster } from '@tsgi/server-cluster'
import { serverModule as eventLoop } from '@tsgi/server-event-loop'
import { describe, test } from 'vitest'
import { endsAtReload, endsAtStop, openStream, start } from './event-stream.ts'

describe('an open event stream', () => {
  test('on the event loop ends at once when the server stops', async () => {
    const server = await start(eventLoop)
    await endsAtStop(server, await openStream(server))
  })

  test('on a cluster ends at once when its worker is replaced, and the next is of the new worker', async () => {
    await endsAtReload(await start(cluster, { workers: 1 }))
  })
})
