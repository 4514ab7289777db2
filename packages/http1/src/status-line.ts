/**
 * `HTTP-version SP status-code SP [ reason-phrase ] CRLF` (RFC 9112 §4), byte by byte. The space before an absent reason is
 * the one thing forgiven, since many servers leave it out and nothing depends on it.
 */
import { BYTE_CLASSES, VALUE } from './byte-classes.ts'
import type { ByteWindow } from './byte-window.ts'
import { byteName, Fault } from './fault.ts'
import { MAX_REASON_SIZE } from './parser-limits.ts'

const CR = 0x0d
const LF = 0x0a
const SPACE = 0x20
/** A digit of the version or the status stands as `0`. */
const START = [...'HTTP/1.0 000'].map((character) => character.charCodeAt(0))
const DIGIT = 0x30
const STATUS_AT = 'HTTP/1.1 '.length
const MINOR_VERSION_AT = 'HTTP/1.'.length

export interface StatusLine {
  /** 1 for HTTP/1.1 and any later 1.x, else 0. */
  readonly minorVersion: 0 | 1
  /** From 100 to 599 (RFC 9110 §15). */
  readonly status: number
  /** One character per byte; `''` where there is none. */
  readonly reason: string
}

/** Reads the line at the window's position and moves behind it. `false`: more bytes are needed. */
export function readStatusLine(window: ByteWindow): StatusLine | false | Fault {
  const { bytes, end, position: start } = window
  let at = start
  for (const expected of START) {
    if (at === end) return false
    const byte = bytes[at] as number
    if (expected === DIGIT ? byte < 0x30 || byte > 0x39 : byte !== expected) {
      return new Fault(400, `a response begins with a status line such as "HTTP/1.1 200 OK", got ${byteName(byte)}`)
    }
    at++
  }
  const status = digit(bytes, start + STATUS_AT) * 100 + digit(bytes, at - 2) * 10 + digit(bytes, at - 1)
  if (status < 100 || status > 599) return new Fault(400, `a status is from 100 to 599, got ${status}`)
  if (at === end) return false

  let reasonAt = at
  if (bytes[at] === SPACE) {
    reasonAt = ++at
    while (at < end && ((BYTE_CLASSES[bytes[at] as number] as number) & VALUE) !== 0) at++
    if (at - reasonAt > MAX_REASON_SIZE) return new Fault(400, `a reason is at most ${MAX_REASON_SIZE} bytes`)
    if (at === end) return false
  }
  if (bytes[at] !== CR) return new Fault(400, `a status line ends with CRLF, got ${byteName(bytes[at])}`)
  if (at + 1 === end) return false
  if (bytes[at + 1] !== LF) return new Fault(400, 'a status line ends with CRLF, got a bare CR')
  window.position = at + 2
  const reason = at === reasonAt ? '' : window.text(reasonAt, at)
  return { minorVersion: bytes[start + MINOR_VERSION_AT] === DIGIT ? 0 : 1, status, reason }
}

const digit = (bytes: Uint8Array, at: number): number => (bytes[at] as number) - DIGIT
