/** WebSocket libraries of Node's world, unchanged, on real servers. The others: upgrades.slow.test.ts. */
import { describe, expect, test } from 'vitest'
import { LIBRARIES } from '../upgrades/libraries.ts'
import { served } from '../upgrades/served.ts'

describe('WebSocket libraries', () => {
  test.each(['express-ws', '@hono/node-server with upgradeWebSocket'])('%s on the event loop', async (name) => {
    const { file, use, expected } = LIBRARIES[name] as (typeof LIBRARIES)[string]
    const { url, log } = await served(file, 'event-loop')
    expect(await (await fetch(url)).text()).toBe('page')
    expect(await use(url)).toEqual(expected)
    expect(log()).not.toContain('error')
  })
})
