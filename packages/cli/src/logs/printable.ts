/** Control characters (C0, DEL, C1), line and paragraph separators, and those that turn the direction of writing. */
const UNPRINTABLE = /(?![\n\t])[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu

/** What sets colours and weights, as programs write them for looks. */
const STYLES = /\x1b\[[\d;:]*m/g // oxlint-disable-line no-control-regex

/**
 * A text that cannot drive a terminal. Colours are left out; every control character that is left is written as `\xNN`, but for
 * line ends and tabs. Each step once is enough: what leaving out colours brings together is escaped.
 */
export const printable = (text: string): string =>
  text.replace(STYLES, '').replace(UNPRINTABLE, (character) => {
    const code = character.charCodeAt(0)
    return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16)}`
  })
