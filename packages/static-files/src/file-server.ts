import { preferredMediaType } from '@tsgi/http-fields'
import { headers, type Awaitable, type Body, type Environ, type HeaderList, type StartResponse } from '@tsgi/spec'
import { isForbidden } from './file-version.ts'
import { listingPage } from './listing.ts'
import { startText } from './plain-text.ts'
import { decodePath, decodeSegment, hasDotfile, type RequestPath } from './request-path.ts'
import { CHANGED, sendResource } from './send-resource.ts'
import { settle, type StaticOptions } from './settings.ts'
import { Site } from './site.ts'

/** An application that is told which part of the path is its own, so that a mount needs no copy of the environ. */
export interface FileServer {
  (pathInfo: string, environ: Environ, startResponse: StartResponse): Awaitable<Body>
}

const LISTING_HEADERS: HeaderList = Object.entries({
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-cache',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
  'x-content-type-options': 'nosniff',
}).flat()
const NOT_HERE: unique symbol = Symbol('not here')
// A file that is replaced again and again between looking and opening.
const MAX_ATTEMPTS = 3

export function fileServer(root: string | URL, options: StaticOptions): FileServer {
  const settings = settle(options)
  const site = new Site(root, settings)
  const { fallback } = options

  return (pathInfo, environ, startResponse) => {
    const { requestMethod } = environ
    if (requestMethod !== 'GET' && requestMethod !== 'HEAD') {
      return fallback === undefined
        ? startText(startResponse, 405, ['allow', 'GET, HEAD'])
        : fallback(environ, startResponse)
    }
    let body
    try {
      body = fromFiles(pathInfo, environ, startResponse)
    } catch (error) {
      if (!isForbidden(error)) throw error
      environ.errors.write(`static files: ${String(error)}\n`)
      return startText(startResponse, 403)
    }
    if (body !== NOT_HERE) return body
    return fallback === undefined ? startText(startResponse, 404) : fallback(environ, startResponse)
  }

  function fromFiles(pathInfo: string, environ: Environ, startResponse: StartResponse): Body | typeof NOT_HERE {
    const now = performance.now()
    if (!pathInfo.includes('%')) {
      // Such a path is its own key: a hit ends here, and so does nearly every request that is for the application.
      const known = site.recall(pathInfo, now)
      if (known === undefined) {
        if (settings.spa === null && !site.mayExist(firstSegment(pathInfo), now)) return NOT_HERE
      } else {
        const body = sendResource(site, known, environ, startResponse, settings.maxRanges)
        if (body !== CHANGED) return body
        site.forget(known)
      }
    }
    const path = decodePath(pathInfo)
    if (path === 'unfit') return NOT_HERE
    if (path === 'malformed') return fallback === undefined ? startText(startResponse, 400) : NOT_HERE
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const located = site.locate(path, now) ?? (showsPage(path, environ) ? site.page(now) : null)
      if (located === null) break
      if (located === 'redirect') return redirectToFolder(environ, startResponse)
      if ('listing' in located) return sendListing(located.listing, environ, startResponse)
      const body = sendResource(site, located, environ, startResponse, settings.maxRanges)
      if (body !== CHANGED) return body
      site.forget(located)
    }
    return NOT_HERE
  }

  /** A path of the single page application's own: no extension, asked for by who can show HTML. */
  function showsPage(path: RequestPath, environ: Environ): boolean {
    if (settings.spa === null || hasDotfile(path) || path.segments.at(-1)?.includes('.') === true) return false
    const accept = headers(environ, 'accept').join(',')
    // What a program sends, `*/*` or nothing at all, is for the application where there is one.
    if (fallback !== undefined && !/\btext\/(?:html|\*)/i.test(accept)) return false
    return preferredMediaType(accept === '' ? undefined : accept, ['text/html']) !== null
  }

  function sendListing(folder: string, environ: Environ, startResponse: StartResponse): string {
    const names = site.list(folder)
    startResponse(200, LISTING_HEADERS)
    const url = environ.scriptName + environ.pathInfo
    return listingPage(decodeSegment(url) ?? url, names)
  }
}

function firstSegment(pathInfo: string): string {
  const end = pathInfo.indexOf('/', 1)
  return end === -1 ? pathInfo.slice(1) : pathInfo.slice(1, end)
}

function redirectToFolder(environ: Environ, startResponse: StartResponse): string {
  // Two slashes in front would name a host.
  const path = `${environ.scriptName}${environ.pathInfo}/`.replace(/^\/+/, '/')
  const query = environ.queryString === '' ? '' : `?${environ.queryString}`
  return startText(startResponse, 301, ['location', path + query])
}
