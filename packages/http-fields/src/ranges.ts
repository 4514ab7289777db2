/** Byte ranges (RFC 9110 §14): what part of a representation a Range field asks for. */
import { trimBlanks } from './list-members.ts'

/** Both ends belong to it, as in Content-Range. */
export interface ByteRange {
  readonly first: number
  readonly last: number
}

export interface RangeOptions {
  /** More ranges than this in one field are not honoured. Default 16. */
  readonly maxRanges?: number | undefined
}

// Unit names are case-insensitive (RFC 9110 §14.1); no space may follow.
const UNIT = /^bytes=(?![ \t])/i
// A member of the list may be empty (RFC 9110 §5.6.1.2).
const MEMBER = /^(?:(\d+)-(\d*)|-(\d+))?$/

/**
 * The ranges that a Range field selects from `size` bytes, in its order; what overlaps or touches is joined, what lies
 * outside is dropped.
 *
 * @returns `'unsatisfiable'`: answer 416 with `content-range: bytes *\/size`. `null`: not to be honoured, answer 200. That is for
 *   another unit, a fault in the syntax anywhere in it (`bytes=9-1` is one), or too many ranges.
 * @example byteRanges('bytes=0-4,-2', 10) // [{ first: 0, last: 4 }, { first: 8, last: 9 }]
 */
export function byteRanges(
  field: string,
  size: number,
  options: RangeOptions = {},
): readonly ByteRange[] | 'unsatisfiable' | null {
  if (!UNIT.test(field)) return null
  const ranges: ByteRange[] = []
  let asked = 0
  for (const member of field.slice('bytes='.length).split(',')) {
    const match = MEMBER.exec(trimBlanks(member))
    if (match === null) return null
    const [, first, last, suffix] = match
    if (first === undefined && suffix === undefined) continue
    if (++asked > (options.maxRanges ?? 16)) return null
    if (suffix !== undefined) {
      const length = Math.min(Number(suffix), size)
      // A suffix of an empty representation is satisfiable (§14.1.2), but no Content-Range can say so.
      if (size === 0 && Number(suffix) > 0) return null
      if (length > 0) ranges.push({ first: size - length, last: size - 1 })
    } else {
      const start = Number(first)
      const end = last === '' ? Infinity : Number(last)
      if (end < start) return null
      if (start < size) ranges.push({ first: start, last: Math.min(end, size - 1) })
    }
  }
  if (asked === 0) return null
  return ranges.length === 0 ? 'unsatisfiable' : coalesce(ranges)
}

/** RFC 9110 §15.3.7.2: a range that was joined stands where the first of its parts stood. */
function coalesce(ranges: readonly ByteRange[]): readonly ByteRange[] {
  if (ranges.length === 1) return ranges
  const sorted = ranges
    .map(({ first, last }, position) => ({ first, last, position }))
    .sort((a, b) => a.first - b.first)
  const merged: { first: number; last: number; position: number }[] = []
  for (const range of sorted) {
    const previous = merged.at(-1)
    if (previous !== undefined && range.first <= previous.last + 1) {
      previous.last = Math.max(previous.last, range.last)
      previous.position = Math.min(previous.position, range.position)
    } else {
      merged.push(range)
    }
  }
  return merged.sort((a, b) => a.position - b.position).map(({ first, last }) => ({ first, last }))
}
