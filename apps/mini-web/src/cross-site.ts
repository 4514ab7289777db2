import { HttpError, type Context } from '@tsgi/framework-mini'

/**
 * Refuses what another site's page makes a browser send. Browsers say it in `sec-fetch-site` where the site has https or is
 * on this machine, and by `origin` elsewhere; a client that is no browser sends neither.
 *
 * @throws HttpError 403
 */
export function refuseCrossSite(context: Context<unknown>, message: string): void {
  const site = context.header('sec-fetch-site')
  const origin = context.header('origin')
  if (site === undefined ? origin !== undefined && hostOf(origin) !== context.header('host') : site !== 'same-origin') {
    throw new HttpError(403, message)
  }
}

const hostOf = (origin: string): string | undefined => URL.parse(origin)?.host
