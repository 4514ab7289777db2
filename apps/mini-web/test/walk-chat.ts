import type { Browser, Page } from 'playwright-core'
import { expect } from 'vitest'

/**
 * Two visitors in the chat.
 *
 * @param reload replaces the processes of the server while both are there; `null` where there is no such thing
 */
export async function walkChat(browser: Browser, url: string, reload: (() => void) | null): Promise<void> {
  const [ada, bob] = await Promise.all([browser.newContext({ baseURL: url }), browser.newContext({ baseURL: url })])
  try {
    const [first, second] = await Promise.all([ada.newPage(), bob.newPage()])
    const errors: string[] = []
    for (const page of [first, second]) page.on('pageerror', (error) => errors.push(error.message))
    await Promise.all([enter(first, 'Ada'), enter(second, 'Bob')])
    await say(first, '<b>hello</b>')
    await heard(second, 'Ada: <b>hello</b>')
    await say(second, 'hello yourself')
    await heard(first, 'Bob: hello yourself')
    if (reload !== null) {
      await first.getByLabel('Message').fill('typed before')
      reload()
      await Promise.all([first, second].map((page) => page.waitForFunction(connectedAgain)))
      // The page is the same: what was typed and what was said are still there.
      expect(await first.getByLabel('Message').inputValue()).toBe('typed before')
      await say(first, 'still here')
      await heard(second, 'Ada: still here')
      await say(second, 'me too')
      await heard(first, 'Bob: me too')
    }
    for (const page of [first, second]) {
      const ids = await page.evaluate(
        `[...document.querySelectorAll('.lines li')].map((line) => Number(line.dataset.id))`,
      )
      expect(ids).toEqual([...new Set(ids as number[])].sort((a, b) => a - b))
    }
    expect(errors).toEqual([])
  } finally {
    await Promise.all([ada.close(), bob.close()])
  }
}

const connectedAgain = `Number(document.querySelector('.state').dataset.connections) > 1`

async function enter(page: Page, name: string): Promise<void> {
  await page.goto('/chat')
  await page.getByText('Connected.', { exact: true }).waitFor()
  await page.getByLabel('Name').fill(name)
}

async function say(page: Page, message: string): Promise<void> {
  await page.getByLabel('Message').fill(message)
  await page.getByRole('button', { name: 'Say it' }).click()
}

const heard = (page: Page, line: string): Promise<void> => page.getByText(line, { exact: true }).waitFor()
