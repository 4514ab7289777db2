/**
 * The head of a response and how its body is framed (RFC 9112 §6). What its length is and whether it has a body at all follow
 * from the method and the status (RFC 9110 §8.6, §6.4.1), which are the caller's.
 */
import { Buffer } from 'node:buffer'
import type { ResponseFields } from './response-fields.ts'

/** How the body is delimited on the wire. */
export type BodyFraming =
  /** There is none. */
  | 'none'
  /** As many bytes as the head says. */
  | 'length'
  | 'chunked'
  /** Until the connection ends: HTTP/1.0 and an unknown length. */
  | 'close'

export interface ResponseHead {
  /** Status line, fields and the empty line; one character per byte. */
  readonly text: string
  readonly framing: BodyFraming
  /** The connection ends after this response. */
  readonly close: boolean
}

/** What a head depends on besides its status, its fields and its length. */
export interface HeadFacts {
  readonly minorVersion: 0 | 1
  /** `false`: no byte of a body follows, whatever length the head names, as in a response to HEAD. */
  readonly hasBody: boolean
  /** The client's wish and the server's leave, before the response is looked at. */
  readonly keepAlive: boolean
}

/**
 * Writes a head.
 *
 * @param reason always the same for one status: heads are kept by their status
 * @param contentLength what the head says as `content-length`, in bytes; -1 for a body whose length is known at its end; -2
 *   where nothing is said of a body: then it has none
 * @param serverLine `server: … CRLF`, or `''`
 * @param dateLine `date: … CRLF`
 */
export function writeResponseHead(
  status: number,
  reason: string,
  fields: ResponseFields,
  contentLength: number,
  facts: HeadFacts,
  serverLine: string,
  dateLine: string,
): ResponseHead {
  const key = last
  if (
    key.fields === fields &&
    key.status === status &&
    key.contentLength === contentLength &&
    key.minorVersion === facts.minorVersion &&
    key.hasBody === facts.hasBody &&
    key.keepAlive === facts.keepAlive &&
    key.dateLine === dateLine &&
    key.serverLine === serverLine
  ) {
    // In one piece from the second time on: a text put together from parts stays a tree, to be walked whenever it is sent.
    key.flat ??= { ...key.head, text: Buffer.from(key.head.text, 'latin1').toString('latin1') }
    return key.flat
  }
  let close = fields.close || !facts.keepAlive
  let framing: BodyFraming = 'none'
  let lengthLine = ''
  if (contentLength >= 0) {
    lengthLine =
      contentLength < SMALL ? (smallLengths[contentLength] as string) : `content-length: ${contentLength}\r\n`
    if (facts.hasBody) framing = 'length'
  } else if (contentLength === -1) {
    if (facts.minorVersion === 1) lengthLine = 'transfer-encoding: chunked\r\n'
    if (facts.hasBody) framing = facts.minorVersion === 1 ? 'chunked' : 'close'
    if (framing === 'close') close = true
  }
  const start = fields.hasDate
    ? `HTTP/1.1 ${status} ${reason}\r\n${serverLine}`
    : startLines(status, reason, serverLine, dateLine)
  const end = close ? CLOSE : facts.minorVersion === 1 ? '\r\n' : KEEP_ALIVE
  const text = start + fields.lines + lengthLine + end
  const head = { text, framing, close }
  const { minorVersion, hasBody, keepAlive } = facts
  last = { fields, status, contentLength, minorVersion, hasBody, keepAlive, dateLine, serverLine, head, flat: null }
  return head
}

interface WrittenHead extends HeadFacts {
  readonly fields: ResponseFields | null
  readonly status: number
  readonly contentLength: number
  readonly dateLine: string
  readonly serverLine: string
  readonly head: ResponseHead
  flat: ResponseHead | null
}

// The last head and what it was made of: the next is mostly the same, within a second.
let last: WrittenHead = {
  fields: null,
  status: 0,
  contentLength: 0,
  minorVersion: 1,
  hasBody: true,
  keepAlive: true,
  dateLine: '',
  serverLine: '',
  head: { text: '', framing: 'none', close: true },
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
