/**
 * Field lines up to the empty line: of a head or of trailers, by the same rules (RFC 9112 §5, RFC 9110 §5).
 */
import { knownAuthority } from './authority.ts'
import { BYTE_CLASSES, TOKEN, VALUE } from './byte-classes.ts'
import type { ByteWindow } from './byte-window.ts'
import { byteName, Fault } from './fault.ts'
import { fieldName, type FieldRole } from './field-names.ts'
import type { MessageLimits } from './parser-limits.ts'

const CR = 0x0d
const LF = 0x0a
const COLON = 0x3a
const SPACE = 0x20
const TAB = 0x09

/** The lines of one section, with the values that the framing of a request depends on picked out on the way. */
export class FieldSection {
  list: string[] = []
  /** Bytes of the lines so far, without their line ends. */
  size = 0
  hosts = 0
  host = ''
  contentLengths = 0
  contentLength = ''
  transferEncodings = 0
  transferEncoding = ''
  /** Values of all lines, joined by commas (RFC 9110 §5.3). */
  connection = ''
  expect = ''
  upgrade = ''
  /** Of a line that has not arrived whole: how far it was read, so that it is not read from its beginning for each byte. */
  scanned = 0
  /** Of that line: bytes of its name; -1 until its colon was read. */
  nameSize = -1

  /** Ready for another section. The list is not: it went to whoever asked. */
  reset(): void {
    this.list = []
    this.size = 0
    if (this.hosts > 0) {
      this.hosts = 0
      this.host = ''
    }
    if (this.contentLengths > 0) {
      this.contentLengths = 0
      this.contentLength = ''
    }
    if (this.transferEncodings > 0) {
      this.transferEncodings = 0
      this.transferEncoding = ''
    }
    this.connection = this.expect = this.upgrade = ''
    this.beginLine()
  }

  /** The line arrived whole. */
  beginLine(): void {
    this.scanned = 0
    this.nameSize = -1
  }
}

/** Reads lines into `section` and moves the window behind them. `false`: more bytes are needed. */
export function readFieldSection(
  window: ByteWindow,
  section: FieldSection,
  limits: MessageLimits,
  trailers: boolean,
): boolean | Fault {
  const { bytes, end } = window
  let start = window.position
  for (;;) {
    if (start === end) return false
    if (bytes[start] === CR) {
      if (start + 1 === end) return false
      if (bytes[start + 1] !== LF) return new Fault(400, 'a line ends with CRLF; came a bare CR')
      window.position = start + 2
      return true
    }
    const room = limits.maxHeaderSize - section.size

    let at = start + section.scanned
    let nameEnd = start + section.nameSize
    if (nameEnd < start) {
      while (at < end && ((BYTE_CLASSES[bytes[at] as number] as number) & TOKEN) !== 0) at++
      nameEnd = at
      if (at < end && bytes[at] === COLON && at > start) at++
    }
    if (at > nameEnd) while (at < end && ((BYTE_CLASSES[bytes[at] as number] as number) & VALUE) !== 0) at++

    if (at - start > room) {
      return new Fault(431, `the header fields are larger than ${limits.maxHeaderSize} bytes`)
    }
    if (at === end) {
      section.scanned = at - start
      if (at > nameEnd) section.nameSize = nameEnd - start
      return false
    }
    if (at === nameEnd) return nameFault(bytes, start, at)
    if (bytes[at] !== CR) return new Fault(400, `a field value ends with CRLF; came ${byteName(bytes[at])}`)
    if (at + 1 === end) return false
    if (bytes[at + 1] !== LF) return new Fault(400, 'a line ends with CRLF; came a bare CR')

    if (section.list.length >= limits.maxHeaders * 2) {
      return new Fault(431, `there are more than ${limits.maxHeaders} header fields`)
    }
    const next = at + 2
    if (section.scanned !== 0) section.beginLine()
    let valueStart = nameEnd + 1
    while (valueStart < at && (bytes[valueStart] === SPACE || bytes[valueStart] === TAB)) valueStart++
    while (at > valueStart && (bytes[at - 1] === SPACE || bytes[at - 1] === TAB)) at--
    const name = fieldName(bytes, start, nameEnd)
    const shared = name.role === 'host' ? knownAuthority(bytes, valueStart, at) : null
    const value = shared ?? (at === valueStart ? '' : window.text(valueStart, at))
    if (name.role !== 'plain') {
      const fault = trailers ? trailerFault(name.role, name.name) : note(section, name.role, name.name, value)
      if (fault !== null) return fault
    }
    section.list.push(name.name, value)
    section.size += next - 2 - start
    start = window.position = next
  }
}

/** Keeps a value that the framing needs. A repeated one is counted here and judged at the end of the head. */
function note(section: FieldSection, role: FieldRole, name: string, value: string): Fault | null {
  switch (role) {
    case 'host':
      section.hosts++
      section.host = value
      return null
    case 'content-length':
      section.contentLengths++
      section.contentLength = value
      return null
    case 'transfer-encoding':
      section.transferEncodings++
      section.transferEncoding = joined(section.transferEncoding, value)
      return null
    case 'connection':
      section.connection = joined(section.connection, value)
      return null
    case 'expect':
      section.expect = joined(section.expect, value)
      return null
    case 'upgrade':
      section.upgrade = joined(section.upgrade, value)
      return null
    case 'look-alike':
      return new Fault(400, `the field name ${name} looks like a framing field; use hyphens`)
    default:
      return null
  }
}

// 9110 §6.5.1: a trailer must not frame, route, authenticate or describe the content that went before it.
const trailerFault = (role: FieldRole, name: string): Fault => {
  const reason = role === 'look-alike' ? 'looks like a framing field' : 'may not be sent as a trailer'
  return new Fault(400, `the field ${name} ${reason}`)
}

const joined = (before: string, value: string): string => (before === '' ? value : `${before},${value}`)

function nameFault(bytes: Uint8Array, start: number, at: number): Fault {
  const byte = bytes[at]
  if (at === start) {
    if (byte === SPACE || byte === TAB)
      return new Fault(400, 'a header field may not begin with white space (no line folding)')
    if (byte === COLON) return new Fault(400, 'a header field has a name before its colon')
  }
  if (byte === SPACE || byte === TAB) return new Fault(400, 'no white space between a field name and its colon')
  return new Fault(400, `a header field is a name and a colon; came ${byteName(byte)}`)
}
