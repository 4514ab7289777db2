/** The built site, served by the command, in a browser. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launch, noBrowser } from './browser.ts'
import { PAGES } from './pages.ts'
import { buildSite, serveStatic, type Served } from './site.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
/** The costliest rule; what it finds does not change with the width. */
const WITHOUT_COLOURS = `{ rules: { 'color-contrast': { enabled: false } } }`

const WIDTHS = [360, 768, 1280, 1366, 1920]

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

describe('the site', { timeout: 300_000 }, () => {
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

    it.each(['light', 'dark'] as const)('has no fault that axe finds, by %s', async (colorScheme) => {
      const context = await browser.newContext({
        baseURL: served.url,
        colorScheme,
        viewport: { width: 1280, height: 900 },
      })
      const page = await context.newPage()
      const faults = []
      for (const path of LOOKED_AT) {
        await page.goto(`/${path}`)
        faults.push(...(await axe(page)).map((fault) => `/${path}: ${fault}`))
      }
      expect(faults).toEqual([])
      await context.close()
    })

    it.each(WIDTHS)('fits %i px, and has no fault that axe finds', async (width) => {
      const page = await browser.newPage({ baseURL: served.url, viewport: { width, height: 800 } })
      const faults = []
      for (const path of LOOKED_AT) {
        await page.goto(`/${path}`)
        const overflow = await page.evaluate(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        )
        if (overflow !== 0) faults.push(`/${path}: ${String(overflow)} px too wide`)
        faults.push(...(await axe(page, WITHOUT_COLOURS)).map((fault) => `/${path}: ${fault}`))
      }
      expect(faults).toEqual([])
      await page.close()
    })
  })
})

/** What axe reports of a page, a line for each element. */
async function axe(page: Page, options = '{}'): Promise<readonly string[]> {
  await page.evaluate(AXE)
  return (await page.evaluate(`axe.run(document, ${options}).then(({ violations }) => violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => id + ' at ' + target.join(' ') + ': ' + failureSummary.split('\\n')[1])))`)) as string[]
}
