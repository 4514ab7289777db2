import type { Application } from '@tsgi/spec'
import { mountStatic, staticFiles } from '@tsgi/static-files'

const app: Application = (environ, startResponse) => {
  startResponse(404, ['content-type', 'text/plain'])
  return `no page at ${environ.pathInfo}\n`
}

/** Built assets under their prefix, other files where there are some, the application for all else. */
const site = staticFiles(new URL('public', import.meta.url), { fallback: app })

export default mountStatic('/assets', new URL('public/assets', import.meta.url), { fallback: site, immutable: true })
