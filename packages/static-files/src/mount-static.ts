import { withLifespan, type Application } from '@tsgi/spec'
import { fileServer } from './file-server.ts'
import { startText } from './plain-text.ts'
import { decodeSegment } from './request-path.ts'
import type { StaticOptions } from './settings.ts'

/**
 * The files of a folder under a prefix that is theirs alone: what is no file there is 404, what is neither GET nor HEAD 405.
 * Every path outside the prefix goes to `fallback`, and is 404 without one.
 *
 * @param prefix as people write it, not encoded: `/assets`. Compared by segments, decoded once, so that `/%61ssets/x` is
 *   within it and `/assetsx` is not
 * @throws StaticFilesError where `root` is no folder that can be read
 * @throws TypeError where the prefix is no path
 * @example const application = mountStatic('/assets', 'build/assets', { fallback: app })
 */
export function mountStatic(prefix: string, root: string | URL, options: StaticOptions = {}): Application {
  const { fallback, ...own } = options
  const serve = fileServer(root, own)
  const segments = prefixSegments(prefix)
  const plain = segments.map((segment) => `/${segment}`).join('')
  const application: Application = (environ, startResponse) => {
    const rest = pathWithin(environ.pathInfo, segments, plain)
    if (rest === 'malformed') return startText(startResponse, 400)
    if (rest !== null) return serve(rest, environ, startResponse)
    return fallback === undefined ? startText(startResponse, 404) : fallback(environ, startResponse)
  }
  return fallback === undefined ? application : withLifespan(application, fallback)
}

function prefixSegments(prefix: string): readonly string[] {
  const segments = prefix.replace(/\/$/, '').split('/')
  if (segments.shift() !== '' || segments.some((segment) => ['', '.', '..'].includes(segment))) {
    throw new TypeError(`static files: expected a prefix such as /assets, got ${JSON.stringify(prefix)}`)
  }
  return segments
}

/** What follows the prefix, as sent; `null` outside of it. A bad escape in a segment that must be compared is malformed. */
function pathWithin(pathInfo: string, segments: readonly string[], plain: string): string | null | 'malformed' {
  if (!pathInfo.includes('%')) {
    if (!pathInfo.startsWith(plain)) return null
    const rest = pathInfo.slice(plain.length)
    return rest === '' || rest.startsWith('/') ? rest : null
  }
  let end = 0
  for (const segment of segments) {
    if (pathInfo[end] !== '/') return null
    const start = end + 1
    const slash = pathInfo.indexOf('/', start)
    end = slash === -1 ? pathInfo.length : slash
    const decoded = decodeSegment(pathInfo.slice(start, end))
    if (decoded === null) return 'malformed'
    if (decoded !== segment) return null
  }
  return pathInfo.slice(end)
}
