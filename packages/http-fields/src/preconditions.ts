/**
 * Conditional requests in the order of RFC 9110 §13.2.2: If-Match, else If-Unmodified-Since; then If-None-Match, else
 * If-Modified-Since; then If-Range. They are asked after everything else that could go wrong: without them the answer must
 * be 2xx (§13.2.1).
 */
import { parseHttpDate } from './dates.ts'
import { parseEntityTags, strongMatch, weakMatch } from './entity-tags.ts'
import { joinLines } from './field-lines.ts'

/** What tells one state of a representation from another. */
export interface Validators {
  /** As it stands in the ETag field; `null` where there is none. */
  readonly etag: string | null
  /** Milliseconds since 1970; `null` where there is none. Parts of a second do not count. */
  readonly lastModified: number | null
}

/** `not modified`: answer 304. `failed`: answer 412. */
export type PreconditionOutcome = 'proceed' | 'not modified' | 'failed'

/**
 * What a request's preconditions ask for.
 *
 * @param headers flat list, names in lower case
 * @param current of the selected representation; `null` where there is none yet (a PUT that would create it)
 */
export function evaluatePreconditions(
  method: string,
  headers: readonly string[],
  current: Validators | null,
): PreconditionOutcome {
  const { ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince } = conditionFields(headers)
  const reads = method === 'GET' || method === 'HEAD'

  if (ifMatch !== undefined) {
    if (!anyTagMatches(ifMatch, current, strongMatch)) return 'failed'
  } else if (ifUnmodifiedSince !== undefined) {
    const modified = modifiedSince(ifUnmodifiedSince, current)
    if (modified === true) return 'failed'
  }

  if (ifNoneMatch !== undefined) {
    if (anyTagMatches(ifNoneMatch, current, weakMatch)) return reads ? 'not modified' : 'failed'
  } else if (ifModifiedSince !== undefined && reads) {
    if (modifiedSince(ifModifiedSince, current) === false) return 'not modified'
  }
  return 'proceed'
}

/**
 * Whether a Range is to be honoured beside this If-Range (RFC 9110 §13.1.5): only if it names the very bytes at hand, by a
 * strong entity tag or by exactly their Last-Modified.
 */
export function ifRangeHolds(ifRange: string, current: Validators): boolean {
  if (current.etag !== null && strongMatch(ifRange, current.etag)) return true
  const date = parseHttpDate(ifRange)
  return date !== null && current.lastModified !== null && date === wholeSecond(current.lastModified)
}

interface ConditionFields {
  ifMatch?: string
  ifNoneMatch?: string
  ifModifiedSince?: string
  ifUnmodifiedSince?: string
}

function conditionFields(headers: readonly string[]): ConditionFields {
  const fields: ConditionFields = {}
  for (let i = 0; i < headers.length; i += 2) {
    const value = headers[i + 1] as string
    switch (headers[i]) {
      // The lines of a list are one list (RFC 9110 §5.3). Two dates joined are no date, and so are ignored as §13.1.3 wants.
      case 'if-match':
        fields.ifMatch = joinLines(fields.ifMatch, value)
        break
      case 'if-none-match':
        fields.ifNoneMatch = joinLines(fields.ifNoneMatch, value)
        break
      case 'if-modified-since':
        fields.ifModifiedSince = joinLines(fields.ifModifiedSince, value)
        break
      case 'if-unmodified-since':
        fields.ifUnmodifiedSince = joinLines(fields.ifUnmodifiedSince, value)
        break
    }
  }
  return fields
}

/** A field that is no list of entity tags matches nothing. */
function anyTagMatches(field: string, current: Validators | null, match: (a: string, b: string) => boolean): boolean {
  if (current === null) return false
  const tags = parseEntityTags(field)
  if (tags === '*') return true
  const { etag } = current
  return etag !== null && tags !== null && tags.some((tag) => match(tag, etag))
}

/** `null` where the question has no meaning: no valid date, or nothing that was ever modified. */
function modifiedSince(field: string, current: Validators | null): boolean | null {
  const date = parseHttpDate(field)
  if (date === null || current === null || current.lastModified === null) return null
  return wholeSecond(current.lastModified) > date
}

const wholeSecond = (time: number): number => Math.floor(time / 1000) * 1000
