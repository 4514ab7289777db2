/** WebSocket libraries of Node's world, unchanged, on real servers, and behind proxies. */
import { describe, expect, test } from 'vitest'
import { LIBRARIES } from '../upgrades/libraries.ts'
import { served } from '../upgrades/served.ts'

describe('WebSocket libraries', () => {
  describe.each(['event-loop', 'cluster', 'process'])('on the server "%s"', (server) => {
    test.each(Object.entries(LIBRARIES))('%s', async (_name, { file, use, expected, environment }) => {
      const { url, log } = await served(file, server, await environment?.())
      expect(await use(url)).toEqual(expected)
      expect(log()).not.toMatch(/error|refused/i)
    })
  })
})
