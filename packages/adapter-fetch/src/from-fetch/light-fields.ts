import { toFields } from '../header-fields.ts'

const NAMES_KEPT = 1000
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
/** A value that needs no trimming and breaks no line (RFC 9110 §5.5); an empty one takes the long way, which knows. */
const PLAIN_VALUE = /^[!-~\x80-\xff](?:[\t -~\x80-\xff]*[!-~\x80-\xff])?$/

const plainObject = Object.prototype
const lowerNames = new Map<string, string>()

/**
 * The fields of a `headers` init as a flat list, without a `Headers` in between for the usual plain object.
 *
 * @throws TypeError as the `Headers` constructor does
 */
export function lightFields(init: unknown): string[] {
  if (init === undefined) return []
  if (init instanceof Headers) return toFields(init)
  if (typeof init !== 'object' || init === null || Object.getPrototypeOf(init) !== plainObject) return strict(init)
  const fields: string[] = []
  for (const key of Object.keys(init)) {
    const name = lowerName(key)
    const value = (init as Record<string, unknown>)[key]
    if (name === undefined || typeof value !== 'string' || !PLAIN_VALUE.test(value)) return strict(init)
    // `Content-Type` and `content-type` in one object make one field of two values.
    if (fields.includes(name)) return strict(init)
    fields.push(name, value)
  }
  return fields
}

function strict(init: unknown): string[] {
  return toFields(new Headers(init as ConstructorParameters<typeof Headers>[0]))
}

function lowerName(name: string): string | undefined {
  const known = lowerNames.get(name)
  if (known !== undefined) return known
  if (!TOKEN.test(name)) return undefined
  const lower = name.toLowerCase()
  // Names are an app's own, but one may make them up as it goes.
  if (lowerNames.size === NAMES_KEPT) lowerNames.clear()
  lowerNames.set(name, lower)
  return lower
}
