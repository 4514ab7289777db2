import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'

export const folder = mkdtempSync(join(tmpdir(), 'mini-web-lab-'))
export const database = join(folder, 'book.sqlite')
/** Waits until a counter of the page shows more than `least`. */
export const reaches = (page: Page, counter: string, least: number): Promise<unknown> =>
  page.waitForFunction(`Number(document.querySelector('[data-${counter}]').textContent) > ${least}`)

export const counter = async (page: Page, name: string): Promise<number> =>
  Number(await page.textContent(`[data-${name}]`))
