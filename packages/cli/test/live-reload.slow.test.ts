import { existsSync } from 'node:fs'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Folder } from './command.ts'
import { PAGE, shown } from './dev-setup.ts'

/** Where there is none, the tests in it are skipped. */
const CHROMIUM = '/usr/bin/chromium'

const page = (text: string) => `export default (environ, startResponse) => {
  startResponse(200, ['content-type', 'text/html'])
  if (environ.pathInfo === '/boom') throw new Error('it failed')
  return '<!doctype html><title>t</title><p id="text">${text}</p>'
}
`
const BROKEN = 'export default (a b) => 1\n'

describe('live reload', { timeout: 90_000 }, () => {
  it('ends the stream of a page when a file changes, so that the page learns of the new process', async () => {
    using folder = new Folder({ 'app.ts': PAGE })
    await using tsgi = folder.tsgi(['dev', 'app.ts', '-p', '0'])
    const url = await tsgi.url()
    const events = await fetch(`${url}/.tsgi/live-reload`)
    const reader = (events.body as ReadableStream<Uint8Array>).getReader()
    const first = new TextDecoder().decode((await reader.read()).value)
    const [, made] = /data: (\S+)/.exec(first) ?? []
    expect((await shown(url)).body).toContain(`live-reload.js?by=${made}"`)
    folder.write({ 'app.ts': `${PAGE}// changed\n` })
    // At once, or the new process would have to wait for it.
    expect((await reader.read()).done).toBe(true)
    await tsgi.url(2)
    expect((await shown(url)).body).not.toContain(`by=${made}"`)
    expect(tsgi.stdout).not.toContain('.tsgi')
  })
})

describe.skipIf(!existsSync(CHROMIUM))('live reload in a browser', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
  }, 60_000)
  afterAll(() => browser.close())

  // As text, since nothing here runs in a browser and has its types.
  const shows = (tab: Page, text: string) =>
    tab.waitForFunction(`document.body.innerText.includes(${JSON.stringify(text)})`, undefined, { timeout: 90_000 })
  const widthOf = (tab: Page) => tab.evaluate('document.documentElement.scrollWidth')

  it(
    'reloads an open page when a file changes, also over a version that does not load',
    { timeout: 240_000 },
    async () => {
      using folder = new Folder({ 'app.ts': page('one') })
      await using tsgi = folder.tsgi(['dev', 'app.ts', '-p', '0'])
      const tab = await browser.newPage({ viewport: { width: 390, height: 800 } })
      await tab.goto(`${await tsgi.url()}/`)
      await shows(tab, 'one')
      folder.write({ 'app.ts': page('two') })
      await shows(tab, 'two')
      folder.write({ 'app.ts': BROKEN })
      await shows(tab, 'app.ts does not load')
      // Nothing on the page is wider than a phone.
      expect(await widthOf(tab)).toBe(390)
      folder.write({ 'app.ts': page('three') })
      await shows(tab, 'three')
      await tab.close()
    },
  )

  it('reloads the page of an error when the application is repaired', { timeout: 240_000 }, async () => {
    using folder = new Folder({ 'app.ts': page('one') })
    await using tsgi = folder.tsgi(['dev', 'app.ts', '-p', '0'])
    const tab = await browser.newPage({ viewport: { width: 390, height: 800 } })
    await tab.goto(`${await tsgi.url()}/boom`)
    await shows(tab, 'Error: it failed')
    expect(await tab.locator('.hot').innerText()).toContain("throw new Error('it failed')")
    expect(await widthOf(tab)).toBe(390)
    folder.write({ 'app.ts': page('repaired').replace('/boom', '/other') })
    await shows(tab, 'repaired')
    await tab.close()
  })
})
