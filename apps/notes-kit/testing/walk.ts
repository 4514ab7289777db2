/** Walks through a notes site as a visitor does, in a real browser. Any site with the same words can be walked. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { axeFaults, WIDTHS } from '@tsgi/accessibility'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { launchBrowser } from './browser.ts'

export interface WalkOptions {
  /** A folder to put pictures of the pages into: desktop, phone, dark. */
  readonly screenshots?: string
  /** Whether axe looks at each kind of page, at every width, and by night at one. It takes some 10 s. */
  readonly axe?: boolean
}

const SCRIPT = `<script>document.title = 'owned'</script>`
const PER_PAGE = 12

/**
 * @param baseUrl such as `http://127.0.0.1:3000/`
 * @throws AssertionError or a timeout that names what was expected
 */
export async function walk(baseUrl: string, options: WalkOptions = {}): Promise<void> {
  const browser = await launchBrowser()
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 860 } })
    context.setDefaultTimeout(10_000)
    const visitor = new Visitor(await context.newPage(), baseUrl, options)
    await visitor.finds('A clean page')
    await stylesAreApplied(visitor.page)
    await visitor.looksAt('empty')
    await scriptStaysText(visitor)
    await badInputIsExplained(visitor)
    await changesAreKept(visitor)
    await manyNotesComeInPages(visitor)
    await searchFinds(visitor)
    await deletingAsksFirst(visitor)
    await forgedFormIsRefused(visitor, context)
    await strangersSeeNothing(visitor, browser)
  } finally {
    await browser.close()
  }
}

class Visitor {
  readonly page: Page
  readonly home: string
  readonly #options: WalkOptions

  constructor(page: Page, home: string, options: WalkOptions) {
    this.page = page
    this.home = home
    this.#options = options
  }

  async finds(heading: string | RegExp): Promise<void> {
    if (this.page.url() === 'about:blank') await this.page.goto(this.home)
    await this.page.getByRole('heading', { name: heading }).first().waitFor()
  }

  async goHome(): Promise<void> {
    await this.page.goto(this.home)
  }

  async follow(link: string): Promise<void> {
    await this.page.getByRole('link', { name: link, exact: true }).first().click()
  }

  async press(button: string): Promise<void> {
    await this.page.getByRole('button', { name: button, exact: true }).click()
  }

  async isTold(message: string): Promise<void> {
    await this.page.getByRole('status').filter({ hasText: message }).waitFor()
  }

  /** Writes a note and ends on its page. */
  async write(title: string, body: string, colour = 'Paper', onTop = false): Promise<void> {
    await this.follow('New note')
    await this.page.getByLabel('Title').fill(title)
    await this.page.getByLabel('Note', { exact: true }).fill(body)
    await this.page.getByText(colour, { exact: true }).click()
    if (onTop) await this.page.getByLabel('Keep on top').check()
    await this.press('Save')
    await this.isTold('Your note is saved.')
  }

  /** Titles in the list. */
  titles(): Promise<string[]> {
    return this.page.getByRole('listitem').getByRole('heading').allTextContents()
  }

  /** A page worth a look, as it is now. */
  async looksAt(name: string): Promise<void> {
    const size = this.page.viewportSize()
    if (this.#options.axe === true) await this.#axe(name)
    if (this.#options.screenshots !== undefined) await this.#picture(join(this.#options.screenshots, name))
    if (size) await this.page.setViewportSize(size)
  }

  async #axe(name: string): Promise<void> {
    const faults: string[] = []
    for (const colorScheme of ['dark', 'light'] as const) {
      await this.page.emulateMedia({ colorScheme })
      // A colour does not depend on the width.
      for (const width of colorScheme === 'dark' ? [1280] : WIDTHS) {
        await this.page.setViewportSize({ width, height: 860 })
        const found = await axeFaults(this.page, { colours: width === 1280 })
        faults.push(...found.map((fault) => `${name} at ${width} px, ${colorScheme}: ${fault}`))
      }
    }
    assert.deepEqual(faults, [])
  }

  async #picture(path: string): Promise<void> {
    const shoot = (kind: string) => this.page.screenshot({ path: `${path}-${kind}.png`, fullPage: true })
    await shoot('desktop')
    await this.page.emulateMedia({ colorScheme: 'dark' })
    await shoot('dark')
    await this.page.emulateMedia({ colorScheme: 'light' })
    await this.page.setViewportSize({ width: 390, height: 844 })
    await shoot('phone')
  }
}

async function stylesAreApplied(page: Page): Promise<void> {
  const brand = page.getByRole('link', { name: 'Notebook' }).first()
  const font = await page.evaluate<string>(`getComputedStyle(document.querySelector('header a')).fontFamily`)
  assert.match(font, /Georgia/, 'the stylesheet gives the name its font')
  const width = await brand
    .locator('img')
    .evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth)
  assert.ok(width > 0, 'the icon is loaded')
}

async function scriptStaysText(visitor: Visitor): Promise<void> {
  await visitor.write(SCRIPT, `${SCRIPT} & "more"`)
  await visitor.finds(SCRIPT)
  await visitor.page.getByText(`${SCRIPT} & "more"`).waitFor()
  await visitor.goHome()
  assert.deepEqual(await visitor.titles(), [SCRIPT])
  assert.notEqual(await visitor.page.title(), 'owned')
}

async function badInputIsExplained(visitor: Visitor): Promise<void> {
  const { page } = visitor
  await visitor.follow('New note')
  await page.getByLabel('Title').fill('   ')
  await page.getByLabel('Note', { exact: true }).fill('kept while the title is mended')
  await visitor.press('Save')
  await page.getByRole('alert').waitFor()
  const title = page.getByLabel('Title')
  const described = await title.getAttribute('aria-describedby')
  assert.equal(await page.locator(`[id="${described}"]`).textContent(), 'This field is required.')
  assert.equal(await page.getByLabel('Note', { exact: true }).inputValue(), 'kept while the title is mended')
  await visitor.looksAt('invalid')
  await title.fill('A title at last')
  await visitor.press('Save')
  await visitor.finds('A title at last')
}

async function changesAreKept(visitor: Visitor): Promise<void> {
  const { page } = visitor
  await visitor.follow('Edit')
  assert.equal(await page.getByLabel('Title').inputValue(), 'A title at last')
  await page.getByLabel('Title').fill('Letters to write')
  await page.getByLabel('Note', { exact: true }).fill('Jürgen\nAda\nthe landlord')
  await page.getByText('Blue', { exact: true }).click()
  await page.getByLabel('Keep on top').check()
  await visitor.looksAt('edit')
  await visitor.press('Save')
  await visitor.isTold('Your changes are saved.')
  await visitor.finds('Letters to write')
  await page.reload()
  assert.equal(await page.getByRole('status').count(), 0, 'a notice is said once')
  await visitor.looksAt('note')
  await visitor.goHome()
  assert.equal((await visitor.titles())[0], 'Letters to write', 'a note that is kept on top comes first')
}

async function manyNotesComeInPages(visitor: Visitor): Promise<void> {
  for (const { title, body, colour } of NOTES) await visitor.write(title, body, colour)
  await visitor.goHome()
  assert.equal((await visitor.titles()).length, PER_PAGE)
  await visitor.looksAt('list')
  await visitor.follow('Older')
  await visitor.page.getByRole('link', { name: '2', exact: true }).and(visitor.page.locator('[aria-current]')).waitFor()
  const rest = await visitor.titles()
  assert.equal(rest.length, NOTES.length + 2 - PER_PAGE)
  assert.equal(rest.at(-1), SCRIPT, 'the oldest note comes last')
  await visitor.follow('Newer')
  assert.equal((await visitor.titles())[0], 'Letters to write')
}

async function searchFinds(visitor: Visitor): Promise<void> {
  const search = async (words: string): Promise<void> => {
    await visitor.page.getByRole('searchbox').fill(words)
    await visitor.page.getByRole('searchbox').press('Enter')
  }
  await search('GRÜNER kanne')
  await visitor.finds('1 note with “GRÜNER kanne”')
  assert.deepEqual(await visitor.titles(), ['Grüner Tee'])
  await visitor.looksAt('search')
  await search('<i>nothing</i>')
  await visitor.finds('0 notes with “<i>nothing</i>”')
  await visitor.follow('Show all')
  assert.equal((await visitor.titles()).length, PER_PAGE)
}

async function deletingAsksFirst(visitor: Visitor): Promise<void> {
  await visitor.follow('Letters to write')
  await visitor.follow('Delete')
  await visitor.finds('Delete “Letters to write”?')
  await visitor.looksAt('delete')
  await visitor.follow('Keep it')
  await visitor.follow('Delete')
  await visitor.press('Delete note')
  await visitor.isTold('“Letters to write” is deleted.')
  assert.ok(!(await visitor.titles()).includes('Letters to write'))
}

/** A page of another origin, but of the same site, so that the browser sends the visitor's cookies along. */
async function forgedFormIsRefused(visitor: Visitor, context: BrowserContext): Promise<void> {
  await visitor.follow('New note')
  const action = await visitor.page
    .locator('form[method=post]')
    .evaluate((form) => (form as unknown as { action: string }).action)
  const page = `<form method="post" action="${action}"><input name="title" value="forged"><input name="colour" value="plain"></form>`
  const evil = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end(`${page}<script>document.forms[0].submit()</script>`)
  })
  await new Promise<void>((resolve) => evil.listen(0, '127.0.0.1', resolve))
  try {
    const tab = await context.newPage()
    const answer = tab.waitForResponse((response) => response.request().method() === 'POST')
    await tab.goto(`http://127.0.0.1:${(evil.address() as AddressInfo).port}/`)
    assert.equal((await answer).status(), 403)
    assert.ok((await (await answer).request().allHeaders())['cookie'], 'the forged form came with cookies')
    await tab.getByRole('heading', { name: 'This form could not be checked' }).waitFor()
    await tab.close()
  } finally {
    await new Promise((resolve) => evil.close(resolve))
  }
  await visitor.page.goto(`${visitor.home}?q=forged`)
  await visitor.finds('0 notes with “forged”')
}

async function strangersSeeNothing(visitor: Visitor, browser: Browser): Promise<void> {
  await visitor.goHome()
  await visitor.follow('Grüner Tee')
  await visitor.finds('Grüner Tee')
  const context = await browser.newContext()
  const stranger = new Visitor(await context.newPage(), visitor.home, {})
  const response = await stranger.page.goto(visitor.page.url())
  assert.equal(response?.status(), 404)
  await stranger.finds('There is no such page')
  await stranger.goHome()
  await stranger.finds('A clean page')
  await context.close()
}

const NOTES = [
  {
    title: 'Bread, the slow way',
    body: '500 g flour\n350 g water\n10 g salt\na spoon of starter\n\nFold every half hour, then leave it alone overnight.',
    colour: 'Amber',
  },
  {
    title: 'Things to ask the plumber',
    body: 'Why does the pipe sing?\nCan the tap wait until spring?',
    colour: 'Blue',
  },
  { title: 'Grüner Tee', body: '70 °C, two minutes, the small Kanne.', colour: 'Green' },
  {
    title: 'A line I liked',
    body: '“The sea is never still, and neither is the person who looks at it.”',
    colour: 'Rose',
  },
  { title: 'Packing list', body: 'passport\ncharger\nthe good jumper\ntwo books, not five' },
  { title: 'Birthday ideas', body: 'A plant that survives.\nTickets for the little theatre.', colour: 'Rose' },
  { title: 'Films to see with Ada', body: 'the one with the lighthouse\nthe one without dialogue', colour: 'Amber' },
  { title: 'Why the clock was wrong', body: 'It was not wrong. It was in another time zone.' },
  { title: 'Garden, week 14', body: 'peas in, tomatoes still inside, one hopeful artichoke', colour: 'Green' },
  {
    title: 'Questions for Monday',
    body: 'Who decides?\nWhat happens if we do nothing?\nWhat would we delete first?',
    colour: 'Blue',
  },
  { title: 'Soup', body: 'Onions first. Always onions first.', colour: 'Amber' },
  {
    title: 'averylongwordthatnobodywouldwritebutsomebodywillpasteintoanotebooksoitmustwrapsomewhere',
    body: 'https://example.org/a/very/long/address/that/does/not/fit/on/any/phone/without/breaking/somewhere',
  },
  { title: 'Small victories', body: 'Fixed the gate.\nCalled back.\nWent to bed on time, once.', colour: 'Green' },
]
