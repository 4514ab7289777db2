/** Entity tags (RFC 9110 §8.8.3), kept as they stand in the field: `"abc"` or `W/"abc"`. */

// Empty members are passed over, as any list allows (RFC 9110 §5.6.1.2).
const MEMBER = /[ \t]*(?:((?:W\/)?"[\x21\x23-\x7e\x80-\xff]*")[ \t]*)?(?:,|$)/y

/**
 * The tags of an If-Match or If-None-Match field, or `'*'`. Several lines are to be joined by a comma first.
 *
 * @returns `null` when any part of the field is no entity tag
 */
export function parseEntityTags(field: string): '*' | readonly string[] | null {
  if (field.trim() === '*') return '*'
  const tags: string[] = []
  MEMBER.lastIndex = 0
  while (MEMBER.lastIndex < field.length) {
    const match = MEMBER.exec(field)
    if (match === null) return null
    if (match[1] !== undefined) tags.push(match[1])
  }
  return tags
}

/** RFC 9110 §8.8.3.2: the same bytes. Two weak tags never match, even if they are equal. */
export const strongMatch = (a: string, b: string): boolean => a === b && !a.startsWith('W/')

/** RFC 9110 §8.8.3.2: the same for the reader. */
export const weakMatch = (a: string, b: string): boolean => opaque(a) === opaque(b)

const opaque = (tag: string): string => (tag.startsWith('W/') ? tag.slice(2) : tag)
