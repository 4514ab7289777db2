/** Text as UTF-8. Node's `Buffer` does it at half the cost of `TextEncoder` and is used where the runtime has it. */
const { Buffer } = globalThis as Partial<Pick<typeof globalThis, 'Buffer'>>
const encoder = new TextEncoder()

export const encodeUtf8: (text: string) => Uint8Array =
  Buffer === undefined ? (text) => encoder.encode(text) : (text) => Buffer.from(text)

/** Bytes of a text in UTF-8. The same as its length where it is ASCII. */
export const utf8Length: (text: string) => number =
  Buffer === undefined ? countBytes : (text) => Buffer.byteLength(text)

/** Without `Buffer`. */
export function countBytes(text: string): number {
  let bytes = text.length
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code < 0x80) continue
    if (code < 0x800) bytes += 1
    // A pair of surrogates is four bytes, two for each; a single one is written as U+FFFD, three.
    else if (code >= 0xd800 && code <= 0xdbff && isLowSurrogate(text.charCodeAt(i + 1))) {
      bytes += 2
      i++
    } else bytes += 2
  }
  return bytes
}

const isLowSurrogate = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff
