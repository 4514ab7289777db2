/** Content negotiation by quality values (RFC 9110 §12.4.2, §12.5): Accept, Accept-Encoding and fields of their shape. */

import { splitMembers } from './list-members.ts'

/** One member of such a field. */
export interface Preference {
  /** Lower case: `gzip`, `text/html`, `*`. */
  readonly value: string
  /** Those before `q`, lower-case names, values unquoted. */
  readonly parameters: ReadonlyMap<string, string>
  /** 0 (not acceptable) to 1. */
  readonly quality: number
}

const VALUE = /^[ \t]*([\w!#$%&'*+.^|~`-]+(?:\/[\w!#$%&'*+.^|~`-]+)?)[ \t]*/
const PARAMETER = /^;[ \t]*(?:([\w!#$%&'*+.^|~`-]+)=(?:([\w!#$%&'*+.^|~`-]+)|"((?:[^"\\]|\\.)*)"))?[ \t]*/
const QUALITY = /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/

/** The members in their order. One that breaks the grammar is left out: nobody asked for it in words that can be understood. */
export function parsePreferences(field: string): readonly Preference[] {
  const preferences: Preference[] = []
  for (const member of splitMembers(field)) {
    const preference = parseMember(member)
    if (preference !== null) preferences.push(preference)
  }
  return preferences
}

function parseMember(member: string): Preference | null {
  const match = VALUE.exec(member)
  if (match === null) return null
  const parameters = new Map<string, string>()
  let quality = 1
  let rest = member.slice(match[0].length)
  while (rest !== '') {
    const parameter = PARAMETER.exec(rest)
    if (parameter === null) return null
    const [whole, name, token, quoted] = parameter
    rest = rest.slice(whole.length)
    if (name === undefined) continue
    if (name.toLowerCase() === 'q') {
      if (token === undefined || !QUALITY.test(token)) return null
      quality = Number(token)
      // What follows q are Accept's extensions, which nobody defined and RFC 9110 dropped.
      break
    }
    parameters.set(name.toLowerCase(), token ?? (quoted ?? '').replaceAll(/\\(.)/g, '$1'))
  }
  return { value: (match[1] as string).toLowerCase(), parameters, quality }
}

/**
 * The content coding to answer with (RFC 9110 §12.5.3): of those with the client's highest quality the first in `available`,
 * which stands in the server's order. `identity` need not be listed; unless the client ranks it itself, it comes last.
 *
 * @param field the Accept-Encoding field; without one nothing but `identity` is chosen, though any coding would be allowed
 * @returns `null` when the client refuses `identity` and everything available
 * @example preferredEncoding('gzip, br;q=0.8', ['br', 'gzip']) // 'gzip'
 */
export function preferredEncoding(field: string | undefined, available: readonly string[]): string | null {
  if (field === undefined) return 'identity'
  const ranks = new Map<string, number>()
  for (const { value, quality } of parsePreferences(field)) {
    // RFC 9110 §8.4.1: x-gzip and x-compress are the same as without the x.
    const coding = value === 'x-gzip' || value === 'x-compress' ? value.slice(2) : value
    if (!ranks.has(coding)) ranks.set(coding, quality)
  }
  const any = ranks.get('*') ?? 0
  let best: string | null = null
  let bestQuality = 0
  for (const coding of available) {
    if (coding === 'identity') continue
    const quality = ranks.get(coding) ?? any
    if (quality > bestQuality) {
      best = coding
      bestQuality = quality
    }
  }
  const identity = ranks.get('identity') ?? (ranks.get('*') === 0 ? 0 : Number.MIN_VALUE)
  return identity > bestQuality ? 'identity' : best
}

/**
 * The media type to answer with (RFC 9110 §12.5.1): of those with the client's highest quality the first in `available`, which
 * stands in the server's order. Each type gets the quality of the most specific range that covers it.
 *
 * @param field the Accept field; without one the first available type is chosen
 * @param available lower case, such as `text/html` or `text/html;level=1`
 * @returns `null` when the client accepts none of them
 * @example preferredMediaType('application/json;q=0.9, text/*', ['application/json', 'text/html']) // 'text/html'
 */
export function preferredMediaType(field: string | undefined, available: readonly string[]): string | null {
  if (field === undefined) return available[0] ?? null
  const ranges = parsePreferences(field)
  let best: string | null = null
  let bestQuality = 0
  for (const type of available) {
    const quality = mediaTypeQuality(ranges, type)
    if (quality > bestQuality) {
      best = type
      bestQuality = quality
    }
  }
  return best
}

function mediaTypeQuality(ranges: readonly Preference[], type: string): number {
  const [offered] = parsePreferences(type)
  if (offered === undefined) return 0
  let bestSpecificity = -1
  let quality = 0
  for (const range of ranges) {
    const specificity = covers(range, offered)
    if (specificity > bestSpecificity) {
      bestSpecificity = specificity
      quality = range.quality
    }
  }
  return quality
}

/** How specific the range is, counting parameters; -1 where it does not cover the type. */
function covers(range: Preference, type: Preference): number {
  if (range.value === '*/*') return 0
  if (range.value.endsWith('/*')) return type.value.startsWith(range.value.slice(0, -1)) ? 1 : -1
  if (range.value !== type.value) return -1
  for (const [name, value] of range.parameters) {
    if (type.parameters.get(name)?.toLowerCase() !== value.toLowerCase()) return -1
  }
  return 2 + range.parameters.size
}
