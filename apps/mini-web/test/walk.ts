import { stat } from 'node:fs/promises'
import { axeFaults, WIDTHS } from '@tsgi/accessibility'
import type { Browser, Page } from 'playwright-core'
import { expect } from 'vitest'

const PATHS = [
  '',
  'time',
  'environ',
  'hello',
  `hello/${'W'.repeat(80)}`,
  'guestbook',
  'motion',
  'chat',
  'download',
  'grid',
  'nowhere',
]

/**
 * A visit to every page of the site, whichever server is behind it. Gives back the message that was left in the guest
 * book: look for it after a restart, with {@link findEntry}.
 */
export async function walk(browser: Browser, url: string): Promise<string> {
  const context = await browser.newContext({ baseURL: url })
  try {
    const page = await context.newPage()
    const errors: string[] = []
    page.on('pageerror', (error) => errors.push(error.message))
    await firstPage(page)
    await time(page)
    await environ(page)
    await greeting(page)
    const message = await guestbook(page)
    await motion(page)
    await download(page)
    expect(errors).toEqual([])
    return message
  } finally {
    await context.close()
  }
}

async function firstPage(page: Page): Promise<void> {
  await page.goto('/')
  expect(await page.evaluate(`document.querySelector('figure img').naturalWidth`)).toBe(612)
  const paper = await page.evaluate('getComputedStyle(document.documentElement).backgroundColor')
  expect(paper).toBe('rgb(250, 246, 236)')
  // A file cannot know who serves it; its script asks.
  await page.getByText(/^Served by .+, process \d+/).waitFor()
}

async function time(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Time', exact: true }).click()
  const made = await page.locator('.made').textContent()
  await page.reload()
  expect(await page.locator('.made').textContent()).not.toBe(made)
  const digits = page.locator('.digits')
  const first = await digits.textContent()
  expect(first).toMatch(/^\d\d:\d\d:\d\d$/)
  // By events, without another page.
  await page.waitForFunction(`document.querySelector('.digits').textContent !== ${JSON.stringify(first)}`)
  await page.getByText(/^Served by .+, process \d+/).waitFor()
}

async function environ(page: Page): Promise<void> {
  await page.goto('/environ?a=%3Cb%3E')
  const value = (name: string): Promise<string | null> =>
    page
      .locator('tr')
      .filter({ has: page.getByRole('rowheader', { name, exact: true }) })
      .locator('td')
      .textContent()
  expect(await value('requestMethod')).toBe('GET')
  expect(await value('queryString')).toBe('a=%3Cb%3E')
  expect(await value('host')).toBe(new URL(page.url()).host)
}

async function greeting(page: Page): Promise<void> {
  await page.goto('/hello')
  await page.getByLabel('Name').fill('Zoë/<b>')
  await page.getByRole('button', { name: 'Greet' }).click()
  expect(await page.locator('h1').textContent()).toContain('Hello, Zoë/<b>!')
  expect(new URL(page.url()).pathname).toBe('/hello/Zo%C3%AB%2F%3Cb%3E')
}

async function guestbook(page: Page): Promise<string> {
  const message = `<script>document.title = 'stolen'</script> & a line, ${crypto.randomUUID()}`
  await page.goto('/guestbook')
  const sign = page.getByRole('button', { name: 'Sign the book' })

  await page.getByLabel('Name').fill('Bobby <i>')
  const [refused] = await Promise.all([
    page.waitForResponse((response) => response.request().method() === 'POST'),
    sign.click(),
  ])
  expect(refused.status()).toBe(422)
  expect(await page.getByRole('alert').textContent()).toContain('Please look again')
  expect(await page.getByText('Please write a line or two.').isVisible()).toBe(true)
  expect(await page.getByLabel('Name').inputValue()).toBe('Bobby <i>')

  await page.getByLabel('Message').fill(message)
  await sign.click()
  await page.waitForURL(/\/guestbook#entry-\d+$/)
  await expectEntry(page, message)
  expect(await page.title()).not.toBe('stolen')
  // The cookie remembers who signed.
  expect(await page.getByLabel('Name').inputValue()).toBe('Bobby <i>')

  await page.goto('/guestbook')
  await page.getByRole('link', { name: 'Older' }).click()
  expect(await page.getByText(/^Page 2 of/).isVisible()).toBe(true)
  await findEntry(page, message)
  return message
}

/** Finds an entry by the search of the guest book. */
export async function findEntry(page: Page, message: string): Promise<void> {
  await page.goto('/guestbook')
  await page.getByLabel('Search').fill(message.slice(-20).toUpperCase())
  await page.getByRole('button', { name: 'Search' }).click()
  await page.waitForURL(/q=/)
  await expectEntry(page, message)
  expect(await page.locator('.entry').count()).toBe(1)
}

async function expectEntry(page: Page, message: string): Promise<void> {
  const entry = page.locator('.entry').first()
  expect(await entry.locator('p').textContent()).toBe(message)
  expect(await entry.locator('script, i').count()).toBe(0)
}

async function motion(page: Page): Promise<void> {
  await page.goto('/motion')
  await page.getByText('That was rule 30').waitFor()
  expect(await page.locator('.automaton svg').count()).toBe(32)
  // It came over time, and was drawn before it was all there.
  const [start, painted, end] = (await page.evaluate(`(() => {
    const [{ responseStart, responseEnd }] = performance.getEntriesByType('navigation')
    const [{ startTime }] = performance.getEntriesByName('first-contentful-paint')
    return [responseStart, startTime, responseEnd]
  })()`)) as [number, number, number]
  expect(end - start).toBeGreaterThan(2000)
  expect(painted).toBeLessThan(end)
}

async function download(page: Page): Promise<void> {
  await page.goto('/download')
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: /^Download f/ }).click(),
  ])
  expect(file.suggestedFilename()).toBe('fifty-megabytes.txt')
  expect((await stat(await file.path())).size).toBe(50_000_000)
}

/** No page is wider than the screen it is shown on, by day or by night. */
export async function walkOnPhone(browser: Browser, url: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    const screen = { width: 360, height: 740 }
    const context = await browser.newContext({
      baseURL: url,
      viewport: screen,
      isMobile: true,
      hasTouch: true,
      colorScheme,
    })
    try {
      const page = await context.newPage()
      for (const path of PATHS) {
        await page.goto(`/${path}`)
        const widths = await page.evaluate('[document.documentElement.scrollWidth, innerWidth]')
        expect(widths, path).toEqual([screen.width, screen.width])
      }
    } finally {
      await context.close()
    }
  }
}

/** Nothing runs out of the window, at the widths of tablets and of the commonest screens. */
export async function walkOnScreens(browser: Browser, url: string): Promise<void> {
  const page = await browser.newPage({ baseURL: url })
  try {
    for (const width of WIDTHS.slice(1)) {
      await page.setViewportSize({ width, height: 800 })
      for (const path of [...PATHS, 'lab']) {
        await page.goto(`/${path}`)
        const overflow = await page.evaluate(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        )
        expect(overflow, `/${path} at ${width} px`).toBe(0)
      }
    }
  } finally {
    await page.close()
  }
}

/** No page has a fault that axe finds, at any width, nor by night. */
export async function walkWithAxe(browser: Browser, url: string): Promise<void> {
  const faults: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    const context = await browser.newContext({ baseURL: url, colorScheme })
    const page = await context.newPage()
    // A colour does not depend on the width.
    for (const width of colorScheme === 'dark' ? [1280] : WIDTHS) {
      await page.setViewportSize({ width, height: 800 })
      for (const path of [...PATHS, 'lab']) {
        await page.goto(`/${path}`)
        const found = await axeFaults(page, { colours: width === 1280 })
        faults.push(...found.map((fault) => `/${path} at ${width} px, ${colorScheme}: ${fault}`))
      }
    }
    await context.close()
  }
  expect(faults).toEqual([])
}

/** What scrolls can be scrolled with the keyboard, and the cells of a table that was taken apart say what they are. */
export async function readOnPhone(browser: Browser, url: string): Promise<void> {
  const page = await browser.newPage({ baseURL: url, viewport: { width: 360, height: 740 } })
  try {
    for (const path of ['', 'download']) {
      await page.goto(`/${path}`)
      expect(await page.evaluate(`[...document.querySelectorAll('pre')].every((pre) => pre.tabIndex === 0)`)).toBe(true)
    }
    await page.goto('/lab')
    const labels = `[...document.querySelectorAll('tbody tr:first-child td')].map((td) => getComputedStyle(td, '::before').content)`
    expect(await page.evaluate(labels)).toEqual(['"Reload: "', '"Kill: "', '"Hang: "', '"Leak: "'])
    expect((await page.request.get('/favicon.ico')).ok()).toBe(true)
  } finally {
    await page.close()
  }
}
