/** Several lines of one field are one list, in their order (RFC 9110 §5.3). */
export const joinLines = (before: string | undefined, line: string): string =>
  before === undefined ? line : `${before},${line}`
