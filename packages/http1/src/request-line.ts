/**
 * `method SP request-target SP HTTP-version CRLF` (RFC 9112 §3), byte by byte: one space each, and nothing else.
 */
import { BYTE_CLASSES, TARGET, TOKEN } from './byte-classes.ts'
import type { ByteWindow } from './byte-window.ts'
import { byteName, Fault } from './fault.ts'
import { MAX_METHOD_SIZE } from './parser-limits.ts'

const CR = 0x0d
const LF = 0x0a
const SPACE = 0x20
/** `HTTP/` and a digit, a dot, a digit, CR, LF: `0` stands for any digit. */
const VERSION = [...'HTTP/0.0\r\n'].map((character) => character.charCodeAt(0))
const DIGIT = '0'.charCodeAt(0)

/** What was read so far; complete when {@link readRequestLine} says so. */
export class RequestLine {
  method: string | null = null
  target: string | null = null
  minorVersion: 0 | 1 = 1
  /** Where the target begins, from the beginning of the line; 0 until the method was read. */
  targetAt = 0
  /** How far the target was read: a line that arrives byte by byte must not be read from its beginning for each. */
  scanned = 0

  /** Ready for another line. */
  reset(): void {
    this.method = this.target = null
    this.targetAt = this.scanned = 0
  }
}

/** Reads the line at the window's position into `line` and moves behind it. `false`: more bytes are needed. */
export function readRequestLine(window: ByteWindow, line: RequestLine, maxTargetSize: number): boolean | Fault {
  const { bytes, end, position: start } = window
  let at = start
  if (line.targetAt === 0) {
    while (at < end && ((BYTE_CLASSES[bytes[at] as number] as number) & TOKEN) !== 0) at++
    if (at - start > MAX_METHOD_SIZE) return new Fault(501, `the method is longer than ${MAX_METHOD_SIZE} bytes`)
    if (at === end) return false
    if (bytes[at] !== SPACE || at === start) {
      return new Fault(400, `a request line begins with a method and one space; came ${byteName(bytes[at])}`)
    }
    line.method = methodOf(window, start, at)
    line.targetAt = line.scanned = ++at - start
  } else {
    at += line.scanned
  }

  const targetStart = start + line.targetAt
  while (at < end && ((BYTE_CLASSES[bytes[at] as number] as number) & TARGET) !== 0) at++
  if (at - targetStart > maxTargetSize)
    return new Fault(414, `the request target is longer than ${maxTargetSize} bytes`)
  if (at === end) {
    line.scanned = at - start
    return false
  }
  if (bytes[at] !== SPACE || at === targetStart) {
    return new Fault(400, `a request target is visible ASCII without '#', then one space; came ${byteName(bytes[at])}`)
  }
  const targetEnd = at++

  if (end - at >= VERSION.length && isCurrent(bytes, at)) {
    at += VERSION.length
  } else {
    for (let i = 0; i < VERSION.length; i++, at++) {
      if (at === end) return false
      const byte = bytes[at] as number
      const expected = VERSION[i] as number
      if (expected === DIGIT ? byte < 0x30 || byte > 0x39 : byte !== expected) {
        return new Fault(400, `a request line ends with HTTP/1.1 and CRLF; came ${byteName(byte)}`)
      }
    }
  }
  line.target = window.text(targetStart, targetEnd)
  const major = bytes[targetEnd + 6] as number
  if (major !== 0x31) {
    return new Fault(505, `this server speaks HTTP/1.1; the request is HTTP/${String.fromCharCode(major)}`)
  }
  line.minorVersion = bytes[targetEnd + 8] === 0x30 ? 0 : 1
  window.position = at
  return true
}

/** `HTTP/1.1 CRLF`, which nearly every line ends with, in one look. */
function isCurrent(bytes: Uint8Array, at: number): boolean {
  return (
    bytes[at] === 0x48 &&
    bytes[at + 1] === 0x54 &&
    bytes[at + 2] === 0x54 &&
    bytes[at + 3] === 0x50 &&
    bytes[at + 4] === 0x2f &&
    bytes[at + 5] === 0x31 &&
    bytes[at + 6] === 0x2e &&
    bytes[at + 7] === 0x31 &&
    bytes[at + 8] === CR &&
    bytes[at + 9] === LF
  )
}

/** One empty line before a request line is ignored (RFC 9112 §2.2). `null`: more bytes are needed to tell. */
export function skipEmptyLine(window: ByteWindow): boolean | null {
  if (window.bytes[window.position] !== CR) return false
  if (window.position + 1 === window.end) return null
  if (window.bytes[window.position + 1] !== LF) return false
  window.position += 2
  return true
}

/** The common methods without making a string. */
function methodOf(window: ByteWindow, start: number, end: number): string {
  const { bytes } = window
  if (end - start === 3 && bytes[start] === 0x47 && bytes[start + 1] === 0x45 && bytes[start + 2] === 0x54) return 'GET'
  return window.text(start, end)
}
