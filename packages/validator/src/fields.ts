/** What may stand in a header list: of a request, of a response, of hints, trailers and upgrades. */
import type { RuleCode } from '@tsgi/spec/clauses'
import { describe } from './describe.ts'

/** Takes what was found. */
export interface FaultSink {
  fault(code: RuleCode, done: string): void
}

type Role = 'plain' | 'content-length' | 'connection' | 'upgrade' | 'hop-by-hop'

const ROLES = new Map<string, Role>([
  ['content-length', 'content-length'],
  ['connection', 'connection'],
  ['upgrade', 'upgrade'],
  ['keep-alive', 'hop-by-hop'],
  ['proxy-connection', 'hop-by-hop'],
  ['transfer-encoding', 'hop-by-hop'],
  ['te', 'hop-by-hop'],
])

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/
const CONTROL_OR_WIDE = /[^\t\x20-\x7e\x80-\xff]/
const WIDE = /[^\0-\xff]/
const DIGITS = /^[0-9]+$/

/** Names that were found good. Capped, since clients make names up. */
const MAX_NAMES = 1024
const goodNames = new Set<string>()

/** What is wrong with a bad value is asked only then. */
function isGoodValue(value: unknown): boolean {
  if (typeof value !== 'string' || CONTROL_OR_WIDE.test(value)) return false
  return value === '' || (isInk(value.charCodeAt(0)) && isInk(value.charCodeAt(value.length - 1)))
}

const isInk = (code: number): boolean => code > 0x20

function isGoodName(name: unknown): boolean {
  if (goodNames.has(name as string)) return true
  if (typeof name !== 'string' || !TOKEN.test(name)) return false
  if (goodNames.size < MAX_NAMES) goodNames.add(name)
  return true
}

/** What a response's fields say about its body. */
export const NO_LENGTH = -1

/**
 * Fields of a response (H.1 to H.3, H.6, L.3), its trailers or interim responses.
 *
 * @returns the declared length, or {@link NO_LENGTH}
 */
export function checkFields(headers: readonly string[], status: number, sink: FaultSink): number {
  if (!Array.isArray(headers)) {
    sink.fault('TSGI_V_HEADERS_LIST', `The headers were ${describe(headers)}`)
    return NO_LENGTH
  }
  let length = NO_LENGTH
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string
    const value = headers[i + 1] as string
    if (!isGoodName(name)) {
      badName(name, sink)
      // What follows a thing that is no name is no value of it.
      if (typeof name !== 'string') return length
    }
    if (i + 1 === headers.length) {
      sink.fault('TSGI_V_HEADERS_ODD', `The headers were a list of ${headers.length} entries`)
      return length
    }
    if (!isGoodValue(value)) {
      badValue(name, value, sink)
      continue
    }
    const role = ROLES.get(name)
    if (role === undefined) continue
    if (role === 'content-length') {
      if (length !== NO_LENGTH) sink.fault('TSGI_V_LENGTH_FORM', 'content-length was given twice')
      else if (!DIGITS.test(value) || !Number.isSafeInteger(Number(value)))
        sink.fault('TSGI_V_LENGTH_FORM', `content-length was ${describe(value)}`)
      else length = Number(value)
    } else if (role === 'hop-by-hop') sink.fault('TSGI_V_HOP_BY_HOP', `The field ${name} was given`)
    else if (role === 'connection' && value.toLowerCase() !== 'close') {
      sink.fault('TSGI_V_HOP_BY_HOP', `The field connection was given as ${describe(value)}`)
    } else if (role === 'upgrade' && status !== 426) {
      sink.fault('TSGI_V_HOP_BY_HOP', `The field upgrade was given with status ${status}`)
    }
  }
  return length
}

function badName(name: unknown, sink: FaultSink): void {
  if (Array.isArray(name)) {
    sink.fault('TSGI_V_HEADERS_LIST', 'The headers held an array where a name belongs: pairs are not TSGI’s')
  } else if (typeof name !== 'string') sink.fault('TSGI_V_HEADERS_LIST', `The headers held ${describe(name)} as a name`)
  else sink.fault('TSGI_V_HEADER_NAME', `A field was called ${describe(name)}`)
}

function badValue(name: string, value: unknown, sink: FaultSink): void {
  if (typeof value !== 'string') sink.fault('TSGI_V_HEADERS_LIST', `The value of ${name} was ${describe(value)}`)
  else if (WIDE.test(value)) sink.fault('TSGI_V_HEADER_WIDE', `The value of ${name} was ${describe(value)}`)
  else if (CONTROL_OR_WIDE.test(value)) sink.fault('TSGI_V_HEADER_VALUE', `The value of ${name} was ${describe(value)}`)
  else sink.fault('TSGI_V_HEADER_WHITESPACE', `The value of ${name} was ${describe(value)}`)
}

/** Fields of a request, or its trailers, as the server gives them (E.10). */
export function checkRequestFields(headers: readonly string[], sink: FaultSink): void {
  if (!Array.isArray(headers) || headers.length % 2 !== 0) {
    const came = Array.isArray(headers) ? `a list of ${headers.length} entries` : describe(headers)
    sink.fault('TSGI_V_REQUEST_HEADERS', `The request’s headers were ${came}`)
    return
  }
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string
    const value = headers[i + 1] as string
    if (isGoodName(name) && isGoodValue(value)) continue
    if (typeof name !== 'string' || typeof value !== 'string') {
      sink.fault(
        'TSGI_V_REQUEST_HEADERS',
        `The request’s headers held ${describe(typeof name === 'string' ? value : name)}`,
      )
    } else if (!isGoodName(name))
      sink.fault('TSGI_V_REQUEST_HEADER_NAME', `A field of the request was called ${describe(name)}`)
    else sink.fault('TSGI_V_REQUEST_HEADER_VALUE', `The request’s ${name} was ${describe(value)}`)
  }
}

/** Framing, routing, authentication, response controls and what is said about the content (RFC 9110 §6.5.1). */
const NO_TRAILERS = new Set([
  'age',
  'authorization',
  'cache-control',
  'connection',
  'content-encoding',
  'content-length',
  'content-range',
  'content-type',
  'date',
  'expires',
  'host',
  'location',
  'proxy-authenticate',
  'retry-after',
  'set-cookie',
  'trailer',
  'upgrade',
  'vary',
  'www-authenticate',
])

/** Trailers of a response: whatever is wrong with them is one breach, of U.4. */
export function checkTrailers(headers: readonly string[], sink: FaultSink): void {
  const found: FaultSink = { fault: (_, done) => sink.fault('TSGI_V_TRAILERS_FIELDS', `Of the trailers: ${done}`) }
  checkFields(headers, 200, found)
  if (!Array.isArray(headers)) return
  for (let i = 0; i < headers.length; i += 2) {
    const name: unknown = headers[i]
    if (typeof name === 'string' && NO_TRAILERS.has(name))
      found.fault('TSGI_V_TRAILERS_FIELDS', `The field ${name} was given`)
  }
}
