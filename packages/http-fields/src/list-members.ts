/**
 * Lists of RFC 9110 §5.6.1: members with commas between them, and blanks around those. Read by hand and not by regular
 * expressions, whose cost for a quote that is never closed, or for blanks before what does not fit, grows with its square.
 */

const TAB = 0x09
const SPACE = 0x20
const QUOTE = 0x22
const COMMA = 0x2c
const BACKSLASH = 0x5c

/**
 * The members of a list, with the blanks around them; a comma inside a quoted string separates nothing. A quote that is never
 * closed makes all the rest one member. Empty members are left out (§5.6.1.2).
 */
export function splitMembers(field: string): readonly string[] {
  if (!field.includes('"')) return field.split(',').filter((member) => !isEmpty(member))
  const members: string[] = []
  let start = 0
  let quoted = false
  for (let i = 0; i <= field.length; i++) {
    const code = i === field.length ? COMMA : field.charCodeAt(i)
    if (code === QUOTE) quoted = !quoted
    else if (code === BACKSLASH && quoted) i += 1
    else if (code === COMMA && (!quoted || i === field.length)) {
      const member = field.slice(start, i)
      if (!isEmpty(member)) members.push(member)
      start = i + 1
    }
  }
  // A backslash was the last byte, inside quotes.
  if (start < field.length) members.push(field.slice(start))
  return members
}

/** Without the blanks (OWS, RFC 9110 §5.6.3) at both ends. */
export function trimBlanks(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && isBlank(text.charCodeAt(start))) start += 1
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1
  return text.slice(start, end)
}

function isEmpty(member: string): boolean {
  for (let i = 0; i < member.length; i++) if (!isBlank(member.charCodeAt(i))) return false
  return true
}

const isBlank = (code: number): boolean => code === SPACE || code === TAB
