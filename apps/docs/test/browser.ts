import { existsSync } from 'node:fs'
import { chromium, type Browser } from 'playwright-core'

const CANDIDATES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

const executablePath = [process.env['CHROMIUM'] ?? '', ...CANDIDATES].find((path) => existsSync(path))

/** Why no browser can be started here; `undefined` where one can. */
export const noBrowser: string | undefined =
  executablePath === undefined ? `no Chromium at ${CANDIDATES.join(', ')} or $CHROMIUM` : undefined

/** Chromium without its calls home. */
export async function launch(): Promise<Browser> {
  if (executablePath === undefined) throw new Error(noBrowser)
  return chromium.launch({
    executablePath,
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
  })
}
