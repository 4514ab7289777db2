import { rmSync } from 'node:fs'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { launch, noBrowser } from './chromium.ts'
import { serveSite, type Site } from './serve-site.ts'
import { readOnPhone, walkOnScreens, walkWithAxe } from './walk.ts'
import { folder, database, reaches, counter } from './lab-setup.ts'

let site: Site | undefined

async function serve(mode: string, ...flags: readonly string[]): Promise<Site> {
  vi.stubEnv('NODE_ENV', mode)
  site = await serveSite(database, ...flags)
  return site
}

afterEach(async () => {
  vi.unstubAllEnvs()
  await site?.stop()
  site = undefined
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('the lab', { timeout: 60_000 }, () => {
  describe.skipIf(noBrowser !== undefined)('in a browser', () => {
    let browser: Browser
    beforeAll(async () => {
      browser = await launch()
    }, 60_000)
    afterAll(() => browser?.close())

    it('every page fits the usual screens, and is read on a phone as on them', { timeout: 180_000 }, async () => {
      const { url } = await serve('development')
      await walkOnScreens(browser, url)
      await readOnPhone(browser, url)
    })

    it('no page has a fault that axe finds', { timeout: 400_000 }, async () => {
      const { url } = await serve('development')
      await walkWithAxe(browser, url)
    })

    it('counts answers, leaks where it is told to, and says why one process cannot be reloaded', async () => {
      const { url } = await serve('development')
      const page = await browser.newPage({ baseURL: url })
      await page.goto('/time')
      await page.click('text=Break it.')
      await reaches(page, 'answered', 5)
      expect(await page.textContent('[data-seen]')).toBe('1')
      await page.click('text=Leak')
      await page.waitForSelector('text=keeps 32 MB')
      await page.click('text=Reload')
      await page.waitForSelector('text=nobody would listen meanwhile')
      expect(await page.textContent('.here th')).toBe('event-loop')
      expect(await page.textContent('[data-lost]')).toBe('0')
      await page.close()
    })

    it('counts what is lost when the only process is killed', async () => {
      const { url } = await serve('development')
      const page = await browser.newPage({ baseURL: url })
      await page.goto('/lab')
      await reaches(page, 'answered', 0)
      await page.click('text=Kill')
      await page.waitForSelector('text=the connection broke')
      await reaches(page, 'lost', 3)
      await page.close()
    })

    it.each([
      ['cluster', '--workers', '2'],
      ['process', '--spare', '4'],
    ])('goes on when a process is killed, and loses nothing in a reload: %s', async (...server) => {
      const { url } = await serve('development', '--server', ...server)
      const page = await browser.newPage({ baseURL: url })
      await page.goto('/lab')
      await page.getByText(/^Served by tsgi-(cluster|process)\/\S+, worker \d+, process \d+/).waitFor()
      await reaches(page, 'answered', 5)
      await page.click('text=Reload')
      await page.waitForSelector('text=was asked to reload')
      const said = site?.output as () => string
      await vi.waitUntil(() => said().includes('reloaded: generation 2 serves'), { timeout: 20_000 })
      await reaches(page, 'answered', (await counter(page, 'answered')) + 10)
      expect(await counter(page, 'lost')).toBe(0)
      expect(await counter(page, 'seen')).toBeGreaterThan(1)

      await page.click('text=Kill')
      await page.waitForSelector('text=the connection broke')
      await reaches(page, 'answered', (await counter(page, 'answered')) + 10)
      // Those that were under way on the connections of the one that was killed; a browser has six at most.
      expect(await counter(page, 'lost')).toBeLessThanOrEqual(6)
      expect(await page.textContent('.here th')).toBe(server[0])
      await page.close()
    })

    it('replaces a process that hangs: cluster', async () => {
      const { url } = await serve('development', '--server', 'cluster', '--workers', '2', '--worker-timeout', '1s')
      const page = await browser.newPage({ baseURL: url })
      await page.goto('/lab')
      await reaches(page, 'answered', 5)
      // Not by the button: a browser repeats a request that a connection took along, and so hangs one worker after the other.
      await expect(fetch(`${url}lab/hang`, { method: 'POST' })).rejects.toThrow()
      const said = site?.output as () => string
      await vi.waitUntil(() => said().includes('gave no sign of life for 1 s'), { timeout: 20_000 })
      await reaches(page, 'answered', (await counter(page, 'answered')) + 10)
      await page.close()
    })
  })
})
