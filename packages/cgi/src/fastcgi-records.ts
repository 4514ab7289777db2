/** Records of FastCGI 1.0: what both ends write. */

export const VERSION = 1
export const HEAD = 8
/** Bytes of one record. */
export const LONGEST_CONTENT = 0xff_ff

export const BEGIN_REQUEST = 1
export const ABORT_REQUEST = 2
export const END_REQUEST = 3
export const PARAMS = 4
export const STDIN = 5
export const STDOUT = 6
export const STDERR = 7
export const GET_VALUES = 9
export const GET_VALUES_RESULT = 10
export const UNKNOWN_TYPE = 11

/** Of a request in which the program answers it, and does not filter or authorise. */
export const RESPONDER = 1
/** The connection stays open after the request. */
export const KEEP_CONNECTION = 1

/** How a request ended, for {@link endRequest}. */
export const REQUEST_COMPLETE = 0
/** It cannot be multiplexed with the one that is being answered. */
export const CANNOT_MULTIPLEX = 1
export const UNKNOWN_ROLE = 3

/** The head of a record, one character per byte. @param length bytes of content, up to {@link LONGEST_CONTENT} */
export function recordHead(type: number, id: number, length: number): string {
  return String.fromCharCode(VERSION, type, id >> 8, id & 0xff, length >> 8, length & 0xff, 0, 0)
}

/** A whole record. @param content up to {@link LONGEST_CONTENT} bytes, one character each */
export const record = (type: number, id: number, content: string): string =>
  recordHead(type, id, content.length) + content

/** The last record of a request. */
export const endRequest = (id: number, how: number): string =>
  record(END_REQUEST, id, String.fromCharCode(0, 0, 0, 0, how, 0, 0, 0))

/** A stream of any length, in as many records as it takes, without the empty one that ends it. */
export function stream(type: number, id: number, content: string): string {
  if (content.length <= LONGEST_CONTENT) return content === '' ? '' : record(type, id, content)
  let records = ''
  for (let at = 0; at < content.length; at += LONGEST_CONTENT)
    records += record(type, id, content.slice(at, at + LONGEST_CONTENT))
  return records
}

/**
 * Writes what a gateway sends in front of a body: the beginning of a request and its variables.
 *
 * @param variables flat list of names and values, one character per byte
 */
export function writeFastCgiRequest(id: number, variables: readonly string[], keepConnection: boolean): string {
  const begin = String.fromCharCode(0, RESPONDER, keepConnection ? KEEP_CONNECTION : 0, 0, 0, 0, 0, 0)
  return record(BEGIN_REQUEST, id, begin) + stream(PARAMS, id, writePairs(variables)) + record(PARAMS, id, '')
}

/** A part of a body as a gateway sends it; an empty one ends the body. */
export const writeFastCgiBody = (id: number, part: string): string =>
  part === '' ? record(STDIN, id, '') : stream(STDIN, id, part)

/** Names and values, each pair behind its two sizes. */
export function writePairs(list: readonly string[]): string {
  let pairs = ''
  for (let i = 0; i < list.length; i += 2) {
    const name = list[i] as string
    const value = list[i + 1] as string
    pairs += sizeText(name.length) + sizeText(value.length) + name + value
  }
  return pairs
}

/** One byte up to 127, else four of which the first bit is set. */
const sizeText = (size: number): string =>
  size < 0x80
    ? String.fromCharCode(size)
    : String.fromCharCode(0x80 | (size >>> 24), (size >>> 16) & 0xff, (size >>> 8) & 0xff, size & 0xff)

/** @returns flat list of names and values; a text where a size lies */
export function readPairs(bytes: Buffer): string[] | string {
  const text = bytes.toString('latin1')
  const list: string[] = []
  let at = 0
  while (at < bytes.length) {
    const sizes: number[] = []
    for (const what of ['name', 'value']) {
      const first = bytes[at]
      if (first === undefined || (first >= 0x80 && at + 4 > bytes.length))
        return `expected the size of a ${what}, got the end of the variables`
      sizes.push(first < 0x80 ? first : bytes.readUInt32BE(at) - 0x80_00_00_00)
      at += first < 0x80 ? 1 : 4
    }
    const [nameSize = 0, valueSize = 0] = sizes
    const left = bytes.length - at
    if (nameSize + valueSize > left)
      return `expected a name and a value of ${nameSize + valueSize} bytes in the variables, got ${left}`
    list.push(text.slice(at, at + nameSize), text.slice(at + nameSize, at + nameSize + valueSize))
    at += nameSize + valueSize
  }
  return list
}
