import { findChromium, serveSite, testPlaces, walk } from 'notes-kit/testing'
import { afterAll, describe, expect, it } from 'vitest'

const app = new URL('../app.ts', import.meta.url)
const places = await testPlaces()
afterAll(() => Promise.all(places.map((place) => place.stop())))

// The event-loop server is the one of site.test.ts.
describe('the notes site', () => {
  describe.each(['cluster', 'process'])('on %s', (server) => {
    it.for(places)('is walked through with $name', { timeout: 120_000 }, async ({ environment, missing }, { skip }) => {
      skip(missing !== undefined, missing)
      skip(findChromium() === undefined, 'no Chromium: install it, or name it in CHROMIUM')
      const site = await serveSite(app, { server, environment })
      try {
        await walk(site.url)
      } finally {
        await site.stop()
      }
      expect(site.log()).not.toMatch(/"level":"(error|warn)"/)
    })
  })
})
