/** A value in a few words, for a message. */
export function describe(value: unknown): string {
  if (value === null) return 'null'
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 59)}…` : value)
  if (typeof value === 'function') return value.name === '' ? 'a function' : `the function ${value.name}`
  if (Array.isArray(value)) return `an array of ${value.length}`
  if (value instanceof Uint8Array) return `${value.byteLength} bytes`
  if (typeof value !== 'object') return String(value)
  const maker: unknown = Object.getPrototypeOf(value)?.constructor?.name
  if (maker === 'Promise') return 'a promise'
  return typeof maker === 'string' && maker !== 'Object' ? `a ${maker}` : 'an object'
}
