/** The frameworks that the kit has an application in, by the name of its file. */
import type { Cannot, FrameworkEntry } from './participants.ts'

export interface KnownFramework {
  readonly name: string
  /** What must be installed for it; absent: nothing but this package. */
  readonly package?: string | undefined
  readonly cannot?: Cannot | undefined
}

const RECEIVED_FIRST =
  'PEP 3333 applications read without waiting, so the adapter receives the body before it calls them'
const NO_MOUNT = 'h3 routes by the URL of the Request, which has no word for the prefix of a mount'

export const KNOWN_FRAMEWORKS: Readonly<Record<string, KnownFramework>> = {
  raw: { name: 'raw TSGI' },
  mini: { name: 'framework-mini', package: '@tsgi/framework-mini' },
  views: { name: 'framework-views', package: '@tsgi/framework-views' },
  wsgi: { name: 'WSGI style', cannot: { 'upload-refused': RECEIVED_FIRST, 'continue-refused': RECEIVED_FIRST } },
  hono: { name: 'Hono', package: 'hono' },
  h3: { name: 'h3', package: 'h3', cannot: { 'mount-prefix': NO_MOUNT } },
  express: { name: 'Express', package: 'express' },
  koa: { name: 'Koa', package: 'koa' },
  fastify: { name: 'Fastify', package: 'fastify' },
}

const ENDING = import.meta.url.endsWith('.ts') ? '.ts' : '.js'

export function knownFramework(key: string): FrameworkEntry | undefined {
  const known = Object.hasOwn(KNOWN_FRAMEWORKS, key) ? KNOWN_FRAMEWORKS[key] : undefined
  if (known === undefined) return undefined
  const application = new URL(`applications/${key}${ENDING}`, import.meta.url).href
  return { name: known.name, application, cannot: known.cannot }
}

/** The reference that the others are compared with. */
export const NODE_HTTP = 'node:http'
export const NODE_HTTP_MODULE: string = new URL(`node-http${ENDING}`, import.meta.url).href
