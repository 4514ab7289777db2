/** What bodies cost in memory, on the command as users run it: peaks of the whole process, as the system counts them. */
import { describe, expect, test } from 'vitest'
import { MEGABYTE, start, upload } from './memory-setup.ts'

describe('the memory of bodies', () => {
  test('an upload of 40 MB that is counted stays within 30 MB of the idle peak', async () => {
    const { command, idle } = await start()
    await upload(command, '/reads', 40)
    expect(command.peakMemory() - idle).toBeLessThan(30 * MEGABYTE)
  })
})
