/** What bodies cost in memory, on the command as users run it: peaks of the whole process, as the system counts them. */
import { describe, expect, test } from 'vitest'
import { MEGABYTE, start, upload } from './memory-setup.ts'

describe('the memory of bodies', () => {
  test('an upload of 100 MB that is counted stays within 80 MB of the idle peak, one of 300 MB needs at most 8 MB more', async () => {
    const { command, idle } = await start()
    await upload(command, '/', 100)
    await upload(command, '/reads', 100)
    const after100 = command.peakMemory()
    expect(after100 - idle).toBeLessThan(80 * MEGABYTE)
    await upload(command, '/', 300)
    expect(command.peakMemory() - after100).toBeLessThanOrEqual(8 * MEGABYTE)
  })

  test('downloads of 50 MB that are made on the fly, to a slow reader, stay within 48 MB of the idle peak', async () => {
    const { command, idle } = await start()
    for (const target of ['/async', '/sync', '/text', '/writer']) {
      const client = await command.connect()
      client.keep = false
      client.send(`GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)
      // It takes what is there, and then looks away for a while.
      const slow = setInterval(() => {
        client.socket.resume()
        client.socket.once('data', () => client.socket.pause())
      }, 1)
      await client.toEnd()
      clearInterval(slow)
      expect(client.size, target).toBeGreaterThan(50 * MEGABYTE)
      expect(command.peakMemory() - idle, target).toBeLessThan(48 * MEGABYTE)
    }
  })
})
