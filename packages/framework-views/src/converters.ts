/** What a `<converter:name>` of a route accepts, how its text becomes a value, and how a value becomes text again. */
export interface Converter<T = unknown> {
  /** Source of a regular expression without capturing groups, over decoded text. One that takes `/` spans segments. */
  readonly pattern: string
  /** `undefined` means: no match after all. */
  parse(text: string): T | undefined
  /** What `reverse` writes; it must match `pattern`. */
  format(value: T): string
}

/** Values by converter name. Declare a custom converter's by merging: `interface ConverterTypes { year: number }`. */
export interface ConverterTypes {
  int: number
  str: string
  slug: string
  uuid: string
  path: string
}

const text = (pattern: string): Converter<string> => ({ pattern, parse: (value) => value, format: String })
const safeInteger = (digits: string) => (Number.isSafeInteger(Number(digits)) ? Number(digits) : undefined)

/** The built-in converters. An encoded slash is text to all of them but `path`, which does not take it. */
export const CONVERTERS: Readonly<Record<string, Converter>> = {
  int: { pattern: '[0-9]+', parse: safeInteger, format: String },
  str: text('[^/]+'),
  slug: text('[-a-zA-Z0-9_]+'),
  uuid: text('[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'),
  path: text('[^\\0]+'),
}
