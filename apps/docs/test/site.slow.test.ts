/** The built site, served by the command, in a browser. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { axeFaults, WIDTHS } from '@tsgi/accessibility'
import type { Browser, BrowserContextOptions } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launch, noBrowser } from './browser.ts'
import { PAGES, WRITTEN } from './pages.ts'
import { buildSite, serveStatic, type Served } from './site.ts'

/** Pages of each kind: prose, wide tables, long code, generated lists. */
const LOOKED_AT = [
  '',
  'start.html',
  'ten-minutes.html',
  'guides/moving.html',
  'reference/options.html',
  'reference/spec.html',
  'reference/grid.html',
  'packages/cli.html',
  'architecture.html',
  'decisions.html',
]

if (noBrowser !== undefined) console.warn(`skipped: ${noBrowser}`)

describe('the site', { timeout: 400_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'docs-site-'))
  let served: Served
  beforeAll(async () => {
    await buildSite(folder)
    served = await serveStatic(folder)
  }, 300_000)
  afterAll(async () => {
    await served?.[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true })
  })

  it('answers every page, and 404 to others', async () => {
    for (const { path } of PAGES) expect((await fetch(`${served.url}${path}.html`)).status, path).toBe(200)
    expect((await fetch(`${served.url}no-such.html`)).status).toBe(404)
  })

  describe.skipIf(noBrowser !== undefined)('in a browser', () => {
    let browser: Browser
    beforeAll(async () => {
      browser = await launch()
    }, 60_000)
    afterAll(() => browser?.close())

    it('finds a page by its search, without asking another host', async () => {
      const page = await browser.newPage({ baseURL: served.url })
      const others: string[] = []
      page.on('request', (request) => {
        if (!request.url().startsWith(served.url) && !request.url().startsWith('data:')) others.push(request.url())
      })
      await page.goto('/start.html')
      await page.getByRole('button', { name: 'Search' }).first().click()
      await page.locator('#localsearch-input').fill('TSGI_ERR_FIELD')
      await page.locator('a.result').first().click()
      await page.waitForURL(/reference\/|packages\//)
      expect(others).toEqual([])
      await page.close()
    })

    /** Of all these pages, one after the other. */
    async function faultsOf(
      paths: readonly string[],
      options: BrowserContextOptions,
      colours: boolean,
    ): Promise<string[]> {
      const context = await browser.newContext({ baseURL: served.url, ...options })
      const page = await context.newPage()
      const faults: string[] = []
      for (const path of paths) {
        await page.goto(`/${path}`)
        faults.push(...(await axeFaults(page, { colours })).map((fault) => `/${path}: ${fault}`))
      }
      await context.close()
      return faults
    }

    it.each(['light', 'dark'] as const)('has no fault that axe finds, by %s', async (colorScheme) => {
      expect(await faultsOf(LOOKED_AT, { colorScheme, viewport: { width: 1280, height: 900 } }, true)).toEqual([])
    })

    it('has no fault that axe finds, on any page that is written for it', async () => {
      const paths = WRITTEN.map(({ path }) => `${path}.html`)
      expect(await faultsOf(paths, { viewport: { width: 1366, height: 800 } }, true)).toEqual([])
    })

    it.each(WIDTHS)('fits %i px, and has no fault that axe finds', async (width) => {
      expect(await faultsOf(LOOKED_AT, { viewport: { width, height: 800 } }, false)).toEqual([])
    })
  })
})
