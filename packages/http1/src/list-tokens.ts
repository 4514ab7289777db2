/** The members of a comma-separated list (RFC 9110 §5.6.1), trimmed, empty ones left out, in lower case. */
export function lowerCaseMembers(value: string): string[] {
  if (!value.includes(',')) return value === '' ? [] : [value.toLowerCase()]
  return members(value.toLowerCase())
}

/** The members of a comma-separated list (RFC 9110 §5.6.1), trimmed, empty ones left out. */
export function members(value: string): string[] {
  return value
    .split(',')
    .map((member) => member.trim())
    .filter((member) => member !== '')
}
