/**
 * Which bytes may stand where in a request head, as one table: the scanner asks once per byte.
 */

/** RFC 9110 §5.6.2: `tchar`. */
export const TOKEN = 1
/** RFC 9112 §3.2: visible ASCII but `#`; a fragment is never sent. */
export const TARGET = 2
/** RFC 9110 §5.5: visible, space, tab and obs-text; no other control byte. */
export const VALUE = 4
/** RFC 5234: digits and A–F in either case. */
export const HEX = 8

export const BYTE_CLASSES: Uint8Array = makeTable()

function makeTable(): Uint8Array {
  const table = new Uint8Array(256)
  for (let byte = 0; byte < 256; byte++) {
    const character = String.fromCharCode(byte)
    let classes = 0
    if (/[!#$%&'*+\-.^_`|~0-9A-Za-z]/.test(character)) classes |= TOKEN
    if (byte >= 0x21 && byte <= 0x7e && character !== '#') classes |= TARGET
    if (byte === 0x09 || (byte >= 0x20 && byte <= 0x7e) || byte >= 0x80) classes |= VALUE
    if (/[0-9A-Fa-f]/.test(character)) classes |= HEX
    table[byte] = classes
  }
  return table
}
