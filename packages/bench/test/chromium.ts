import { existsSync } from 'node:fs'
import { chromium, type Browser } from 'playwright-core'

const PLACES = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const executablePath: string | undefined = PLACES.find((place) => place !== undefined && existsSync(place))

/** Why tests that need a browser are skipped; `undefined` where there is one. */
export const noBrowser: string | undefined =
  executablePath === undefined ? 'no Chromium was found: install one, or name it in $CHROMIUM' : undefined

/** Without its own calls home, so that every request that is seen is the page's. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    ...(executablePath !== undefined && { executablePath }),
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-sync',
      '--no-first-run',
    ],
  })
}
