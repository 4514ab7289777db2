import { serverModule as cluster } from '@tsgi/server-cluster'
import { serverModule as processes } from '@tsgi/server-process'
import { describe, expect, test } from 'vitest'
import { endsAtReload, endsAtStop, openStream, start } from './event-stream.ts'

describe('an open event stream', () => {
  test('of a process for one connection ends at once at a reload, and the next is of another process', async () => {
    await endsAtReload(await start(processes, { spare: 1, maxProcesses: 4 }))
  })

  test('ends when its worker has answered as many requests as it may', async () => {
    const server = await start(cluster, { workers: 1, maxRequests: 3 })
    const stream = await openStream(server)
    const ended = stream.rest()
    for (let n = 0; n < 3; n++) await (await fetch(new URL('pid', server.urls[0]))).text()
    expect(await ended).toBe('')
    const next = await openStream(server)
    expect(next.pid).not.toBe(stream.pid)
    await endsAtStop(server, next)
  })
})
