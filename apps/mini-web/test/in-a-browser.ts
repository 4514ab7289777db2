import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launch, noBrowser } from './chromium.ts'
import { serveSite, type Site } from './serve-site.ts'
import { walkChat } from './walk-chat.ts'
import { findEntry, walk, walkOnPhone } from './walk.ts'

/** The walk of a visitor through the whole site, on each of these servers. */
export function describeInBrowser(servers: readonly string[]): void {
  if (noBrowser !== undefined) console.warn(`skipped: ${noBrowser}`)

  describe.skipIf(noBrowser !== undefined)('in a browser', { timeout: 90_000 }, () => {
    let browser: Browser
    beforeAll(async () => {
      browser = await launch()
    }, 60_000)
    afterAll(() => browser?.close())

    describe.each(servers)('on %s', (server) => {
      const folder = mkdtempSync(join(tmpdir(), 'mini-web-'))
      const serve = (): Promise<Site> => serveSite(join(folder, 'book.sqlite'), '--server', server)
      let site: Site
      beforeAll(async () => {
        site = await serve()
      }, 60_000)
      afterAll(async () => {
        await site?.stop()
        rmSync(folder, { recursive: true })
      })

      it('every page does what it says, and the guest book outlives its server', async () => {
        const message = await walk(browser, site.url)
        expect(await site.stop()).toBe(0)
        expect(site.output()).not.toMatch(/"level":"(warn|error)"/)
        site = await serve()
        const page = await browser.newPage({ baseURL: site.url })
        await findEntry(page, message)
        await page.close()
      })

      it('two visitors talk, also while the server is replaced', async () => {
        await walkChat(browser, site.url, server === 'event-loop' ? null : () => void process.kill(site.pid, 'SIGHUP'))
        expect(site.output()).not.toMatch(/"level":"(warn|error)"/)
      })

      it('every page fits a phone', () => walkOnPhone(browser, site.url))
    })
  })
}
