/** The report as readers see it: on a wide screen, on a phone, in the dark, on paper; and offline. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readResult } from '../src/read-result.ts'
import { htmlReport } from '../src/report/html.ts'
import { launchChromium, noBrowser } from './chromium.ts'
import { fakeResult, fakeRow } from './fakes/fake-result.ts'

const around = (cost: number): number[] => [1, 0.98, 1.03, 0.99, 1.01, 1.02].map((factor) => cost * factor)

const result = fakeResult([
  fakeRow({ id: 'a', label: 'hono on event-loop', costs: around(20) }),
  fakeRow({ id: 'b', label: '@hono/node-server', server: 'own', baseline: true, costs: around(31) }),
  fakeRow({ id: 'c', label: 'express on event-loop', app: 'express', costs: around(52), tuned: true }),
  fakeRow({ id: 'd', label: "Express's own server", app: 'express', server: 'own', baseline: true, costs: around(48) }),
  fakeRow({ id: 'e', label: 'koa on event-loop', app: 'koa', costs: around(40.2) }),
  fakeRow({
    id: 'f',
    label: "Koa's own server",
    app: 'koa',
    server: 'own',
    baseline: true,
    costs: around(40).toReversed(),
  }),
  fakeRow({
    id: 'g',
    label: 'broken <b>',
    app: 'x',
    costs: [],
    failure: 'ended with 1 </script><script>alert(1)</script>',
  }),
  fakeRow({ id: 'a again', label: 'hono on event-loop', twinOf: 'a', costs: around(20.3).toReversed() }),
])

describe.skipIf(noBrowser !== undefined)('the report', () => {
  let folder: string
  let file: string
  let browser: Browser

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tsgi-report-'))
    file = join(folder, 'report.html')
    await writeFile(file, await htmlReport(result))
    browser = await launchChromium()
  })
  afterAll(async () => {
    await browser.close()
    await rm(folder, { recursive: true })
  })

  /** Opens the page; whatever it asks for, or complains of, is told. */
  async function open(options: Parameters<Browser['newPage']>[0]): Promise<{ page: Page; troubles: string[] }> {
    const page = await browser.newPage(options)
    const troubles: string[] = []
    page.on('request', (request) => {
      if (!/^(file|data):/.test(request.url())) troubles.push(`asked for ${request.url()}`)
    })
    page.on('console', (message) => void (message.type() === 'error' && troubles.push(message.text())))
    page.on('pageerror', (error) => void troubles.push(error.message))
    await page.goto(pathToFileURL(file).href)
    await page.locator('figure svg').first().waitFor()
    return { page, troubles }
  }

  async function keep(page: Page, name: string): Promise<void> {
    const pictures = new URL('../test-results/', import.meta.url)
    await mkdir(pictures, { recursive: true })
    await page.screenshot({ path: new URL(`report-${name}.png`, pictures).pathname, fullPage: true })
  }

  test.each([
    { name: 'desktop', width: 1280, height: 900, colorScheme: 'light' as const },
    { name: 'desktop-dark', width: 1280, height: 900, colorScheme: 'dark' as const },
    { name: 'phone', width: 375, height: 740, colorScheme: 'light' as const },
  ])('fits a $name, and no request leaves it', async ({ name, width, height, colorScheme }) => {
    const { page, troubles } = await open({ viewport: { width, height }, colorScheme })
    await keep(page, name)
    expect(troubles).toEqual([])
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
    expect(await page.locator('figure').count()).toBe(await page.locator('figure:has(svg)').count())
    const background = await page.evaluate('getComputedStyle(document.body).backgroundColor')
    expect(background).toBe(colorScheme === 'dark' ? 'rgb(21, 24, 28)' : 'rgb(255, 255, 255)')
    await page.close()
  })

  test('begins with the answer, and losses stand before wins', async () => {
    const { page } = await open({})
    expect(await page.locator('.answer').textContent()).toMatch(
      /^hono on event-loop, plain text: 0\.6\d × the CPU of @hono\/node-server, ± 0\.0\d$/,
    )
    const titles = await page.locator('h3').allTextContents()
    expect(titles.slice(0, 3)).toEqual(['Costs more', 'Costs less', 'Tie'])
    expect(await page.locator('h3.more + ul').textContent()).toContain('express on event-loop')
    expect(await page.locator('text=ended with 1 </script>').count()).toBe(1)
    await page.close()
  })

  test('is printed on paper, figures and all', async () => {
    const { page } = await open({ colorScheme: 'dark' })
    await page.emulateMedia({ media: 'print' })
    await keep(page, 'print')
    const pdf = await page.pdf({ format: 'A4' })
    expect(pdf.length).toBeGreaterThan(20_000)
    expect(await page.locator('figure svg').first().isVisible()).toBe(true)
    await page.close()
  })

  test('holds the result it was made from', async () => {
    expect(await readResult(file)).toEqual(result)
  })
})

test('the report of this repository can be read and drawn again', async () => {
  const committed = await readResult(fileURLToPath(new URL('../../../docs/reports/pairings.html', import.meta.url)))
  expect(committed.rows.length).toBeGreaterThan(10)
  expect(await htmlReport(committed)).toContain('id="workload-0"')
})
