/**
 * The head of a response and how its body is framed (RFC 9112 §6, RFC 9110 §8.6): decided in one place, from what the
 * application said and what is known of the body.
 */
import { Buffer } from 'node:buffer'
import type { ResponseFields } from './response-fields.ts'

/** How the body is delimited on the wire. */
export type BodyFraming =
  /** There is none, whatever the application gives: HEAD, 204, 304, or a length of zero with 205. */
  | 'none'
  /** Exactly {@link ResponseHead.length} bytes. */
  | 'length'
  | 'chunked'
  /** Until the connection ends: HTTP/1.0 and an unknown length. */
  | 'close'

export interface ResponseHead {
  /** Status line, fields and the empty line; one character per byte. */
  readonly text: string
  readonly framing: BodyFraming
  /** With framing `length`; else -1. */
  readonly length: number
  /** The connection ends after this response. */
  readonly close: boolean
}

export interface RequestFacts {
  readonly minorVersion: 0 | 1
  /** HEAD: the head that GET would get, and no body. */
  readonly isHead: boolean
  /** The client's wish and the server's leave, before the response is looked at. */
  readonly keepAlive: boolean
}

/**
 * Writes a head.
 *
 * @param serverLine `server: … CRLF`, or `''`
 * @param dateLine `date: … CRLF`
 * @param knownLength bytes of the whole body where that is known (null, string, bytes, array); -1 for a stream; -2 for a
 *   body of which nothing is known, as with HEAD and 304 when the application gave none: no length is claimed then
 */
export function writeResponseHead(
  status: number,
  reason: string,
  fields: ResponseFields,
  knownLength: number,
  request: RequestFacts,
  serverLine: string,
  dateLine: string,
): ResponseHead {
  const key = last
  if (
    key.fields === fields &&
    key.status === status &&
    key.knownLength === knownLength &&
    key.minorVersion === request.minorVersion &&
    key.isHead === request.isHead &&
    key.keepAlive === request.keepAlive &&
    key.dateLine === dateLine &&
    key.serverLine === serverLine
  ) {
    // In one piece from the second time on: a text put together from parts stays a tree, to be walked whenever it is sent.
    key.flat ??= { ...key.head, text: Buffer.from(key.head.text, 'latin1').toString('latin1') }
    return key.flat
  }
  let close = fields.close || !request.keepAlive
  let framing: BodyFraming
  let length = -1
  let lengthLine = ''
  if (status === 204) {
    framing = 'none'
  } else if (status === 205) {
    framing = 'none'
    lengthLine = 'content-length: 0\r\n'
  } else {
    length = fields.contentLength >= 0 ? fields.contentLength : knownLength
    if (length >= 0) {
      framing = 'length'
      lengthLine = length < SMALL ? (smallLengths[length] as string) : `content-length: ${length}\r\n`
    } else if (request.minorVersion === 1) {
      framing = 'chunked'
      if (knownLength === -1) lengthLine = 'transfer-encoding: chunked\r\n'
    } else {
      framing = 'close'
    }
    if (request.isHead || status === 304) framing = 'none'
    if (framing === 'close') close = true
  }
  const start = fields.hasDate
    ? `HTTP/1.1 ${status} ${reason}\r\n${serverLine}`
    : startLines(status, reason, serverLine, dateLine)
  const end = close ? CLOSE : request.minorVersion === 1 ? '\r\n' : KEEP_ALIVE
  const text = start + fields.lines + lengthLine + end
  const head = { text, framing, length: framing === 'length' ? length : -1, close }
  const { minorVersion, isHead, keepAlive } = request
  last = { fields, status, knownLength, minorVersion, isHead, keepAlive, dateLine, serverLine, head, flat: null }
  return head
}

interface WrittenHead extends RequestFacts {
  readonly fields: ResponseFields | null
  readonly status: number
  readonly knownLength: number
  readonly dateLine: string
  readonly serverLine: string
  readonly head: ResponseHead
  flat: ResponseHead | null
}

// The last head and what it was made of: the next is mostly the same, within a second.
let last: WrittenHead = {
  fields: null,
  status: 0,
  knownLength: 0,
  minorVersion: 1,
  isHead: false,
  keepAlive: true,
  dateLine: '',
  serverLine: '',
  head: { text: '', framing: 'none', length: -1, close: true },
  flat: null,
}

const CLOSE = 'connection: close\r\n\r\n'
const KEEP_ALIVE = 'connection: keep-alive\r\n\r\n'

const SMALL = 1024
const smallLengths = Array.from({ length: SMALL }, (_, length) => `content-length: ${length}\r\n`)

// What the last response of a status began with. The date changes once a second; a server's name never.
const starts: string[] = []
let startsDate = ''
let startsServer = ''

function startLines(status: number, reason: string, serverLine: string, dateLine: string): string {
  if (dateLine !== startsDate || serverLine !== startsServer) {
    starts.length = 0
    startsDate = dateLine
    startsServer = serverLine
  }
  return (starts[status] ??= `HTTP/1.1 ${status} ${reason}\r\n${dateLine}${serverLine}`)
}

/** A 1xx response (RFC 9110 §15.2): a head and nothing else, and only to HTTP/1.1. */
export function writeInterimHead(status: 100 | 103, reason: string, fields: ResponseFields | null): string {
  return `HTTP/1.1 ${status} ${reason}\r\n${fields === null ? '' : fields.lines}\r\n`
}

/** The head that hands a connection over to another protocol (RFC 9110 §7.8). */
export function writeUpgradeHead(protocol: string, fields: ResponseFields): string {
  return `HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: ${protocol}\r\n${fields.lines}\r\n`
}
