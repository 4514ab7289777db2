/** What binds every server by itself, validator or not, and where it is proven. */
import type { EveryServerClause } from '@tsgi/spec/clauses'

/**
 * For each clause of SPEC.md that says "every server does": the behaviours that prove it. A clause without them does not
 * compile.
 */
export const EVERY_SERVER: Readonly<Record<EveryServerClause, readonly string[]>> = {
  'S.6': [
    'start-refused',
    'refuses-status-100',
    'refuses-status-600',
    'refuses-status-fraction',
    'refuses-odd-list',
    'refuses-upper-case',
    'refuses-name-colon',
    'refuses-crlf',
    'refuses-lf',
    'refuses-nul',
    'refuses-wide',
    'refuses-space-before',
    'refuses-space-after',
    'refuses-tab-after',
    'refuses-transfer-encoding',
    'refuses-keep-alive',
    'refuses-connection',
    'refuses-upgrade',
    'refuses-length-twice',
    'refuses-length-word',
  ],
  'S.10': ['refusal-code', 'gone-code', 'cut-short-code'],
  'U.4': [
    'trailers-set-cookie',
    'trailers-authorization',
    'trailers-content-type',
    'trailers-transfer-encoding',
    'trailers-host',
  ],
  'U.8': ['draining-stop', 'draining-shared', 'draining-quiet'],
}

/** The servers of this project, its adapters to servers of others among them. */
export type OurServer = 'event-loop' | 'cluster' | 'process' | 'node' | 'fetch'
