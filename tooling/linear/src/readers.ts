/**
 * Every function that http-fields and http1 export: how it is given a client's text, or why it reads none. A new export
 * fails the test until it stands here.
 */
import * as fields from '@tsgi/http-fields'
import * as exchange from '@tsgi/exchange'
import * as http1 from '@tsgi/http1'
import type { Subject } from './growth.ts'

export interface Reader {
  readonly read: Subject
  /** Beginnings that lead beyond its first check. */
  readonly openings?: readonly string[]
}

/** A string says why nothing of a client's reaches it. */
export type Entry = Reader | string

const everybody = fields.trustedProxies(['*'])
const everyField = ['for', 'proto', 'host', 'port', 'forwarded'] as const
const validators = { etag: '"a"', lastModified: 0 }

export const FIELD_READERS: Readonly<Record<keyof typeof fields, Entry>> = {
  canonicalAddress: { read: fields.canonicalAddress, openings: ['::', '1.1.', '[', 'a:'] },
  parseCookies: { read: fields.parseCookies },
  serializeCookie: { read: (text) => attempt(() => fields.serializeCookie('a', text)) },
  httpDate: 'takes a number',
  parseHttpDate: { read: (text) => fields.parseHttpDate(text), openings: ['Sun, ', 'Sunday, ', 'Sun Nov '] },
  parseEntityTags: { read: fields.parseEntityTags, openings: ['W/', 'W/"', '"a",'] },
  strongMatch: { read: (text) => fields.strongMatch(text, text) },
  weakMatch: { read: (text) => fields.weakMatch(text, text), openings: ['W/'] },
  readBytes: { read: (text) => fields.readBytes(inPieces(text), 1e9) },
  FormError: 'is an error',
  DEFAULT_FORM_LIMITS: 'is a table',
  DEFAULT_FORWARDED_FIELDS: 'is a table',
  readMultipart: { read: readMultipart, openings: ['multipart/form-data;', 'multipart/form-data; boundary='] },
  readUrlEncoded: { read: (text) => attempt(() => fields.readUrlEncoded(inPieces(text), { maxFields: 1e9 })) },
  forwardedClient: {
    read: readForwarded,
    openings: ['for=', 'for="', 'for=1.2.3.4,', '1.2.3.4,', 'for="[', 'proto=http;'],
  },
  evaluatePreconditions: {
    read: (text) => {
      for (const name of ['if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since']) {
        fields.evaluatePreconditions('GET', [name, text], validators)
      }
    },
    openings: ['W/"'],
  },
  ifRangeHolds: { read: (text) => fields.ifRangeHolds(text, validators) },
  parsePreferences: { read: fields.parsePreferences, openings: ['a/', 'a;q=', 'a;b="'] },
  preferredEncoding: { read: (text) => fields.preferredEncoding(text, ['br', 'gzip']), openings: ['a;q=', 'a;b="'] },
  preferredMediaType: { read: (text) => fields.preferredMediaType(text, ['text/html', 'a/b']), openings: ['a/b;c="'] },
  byteRanges: {
    read: (text) => fields.byteRanges(text, 1000, { maxRanges: 1e9 }),
    openings: ['bytes=', 'bytes=0-1, ', 'bytes=1'],
  },
  trustedProxies: 'reads settings',
}

export const HTTP1_READERS: Readonly<Record<keyof typeof http1, Entry>> = {
  DEFAULT_PARSER_LIMITS: 'is a table',
  DEFAULT_RESPONSE_LIMITS: 'is a table',
  RequestParser: { read: readHeads, openings: ['gzip, ', 'a:', '[', 'http://'] },
  ResponseParser: 'is read by ResponseReader',
  ResponseReader: { read: readResponses, openings: ['gzip, ', 'HTTP/1.1 '] },
  ResponseFormatError: 'is an error',
  CHUNK_END: 'is a constant',
  chunkHead: 'takes a number',
  lastChunk: 'takes lines that fieldLines wrote',
  members: { read: http1.members },
  isAuthority: { read: http1.isAuthority, openings: ['[', 'a:'] },
  fieldRole: { read: http1.fieldRole },
  readTarget: { read: (text) => http1.readTarget('GET', text), openings: ['/', 'http://'] },
  MAX_METHOD_SIZE: 'is a constant',
  fieldLines: { read: (text) => http1.fieldLines(['x-a', text]) },
  writeInterimHead: 'takes lines that fieldLines wrote',
  writeResponseHead: 'takes lines that fieldLines wrote',
  writeUpgradeHead: 'takes lines that fieldLines wrote',
}

/** What applications may pass on of a client's text. The rest of the package reads none. */
export const EXCHANGE_READERS: Readonly<Record<string, Entry>> = {
  checkFields: { read: (text) => attempt(() => exchange.checkFields(['x-a', text], 200)) },
  checkTrailers: { read: (text) => attempt(() => exchange.checkTrailers(['x-a', text])) },
  'checkFields, as a name': { read: (text) => attempt(() => exchange.checkFields([text, 'x'], 200)) },
  encodeUtf8: { read: exchange.encodeUtf8 },
}

/** A refusal is an answer, too. */
function attempt(run: () => unknown): unknown {
  try {
    const result = run()
    return result instanceof Promise ? result.catch(() => {}) : result
  } catch {
    return undefined
  }
}

async function* inPieces(text: string): AsyncGenerator<Uint8Array, void, void> {
  const bytes = Buffer.from(text, 'latin1')
  for (let at = 0; at < bytes.length; at += 4096) yield bytes.subarray(at, at + 4096)
}

function readForwarded(text: string): void {
  for (const name of ['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'x-forwarded-port', 'forwarded']) {
    fields.forwardedClient('127.0.0.1', [name, text], everybody, everyField)
  }
  fields.forwardedClient('127.0.0.1', ['x-forwarded-for', text, 'x-forwarded-host', text], everybody, everyField)
}

/** The text as the type, as the fields of a part, and as content. */
async function readMultipart(text: string): Promise<void> {
  const bodies: readonly (readonly [type: string, body: string])[] = [
    [text, text],
    ['multipart/form-data; boundary=a', text],
    ['multipart/form-data; boundary=a', `--a\r\ncontent-disposition: form-data; name="a"; ${text}\r\n\r\nb\r\n--a--`],
    ['multipart/form-data; boundary=a', `--a\r\ncontent-disposition: form-data; name="a"\r\n\r\n${text}\r\n--a--`],
  ]
  for (const [type, body] of bodies) {
    await attempt(async () => {
      for await (const part of fields.readMultipart(inPieces(body), type, { maxFields: 1e9 })) void part
    })
  }
}

const LIMITS = { maxTargetSize: 1e9, maxHeaderSize: 1e9, maxHeaders: 1e9, maxBodySize: 1e9 }

/** The text at each place of a request that holds some. */
function readHeads(text: string): void {
  const host = 'GET / HTTP/1.1\r\nhost: a\r\n'
  const chunked = 'POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n'
  for (const bytes of [
    `${text} / HTTP/1.1\r\n`,
    `GET ${text} HTTP/1.1\r\nhost: a\r\n\r\n`,
    `GET /${text.replaceAll(' ', '+')} HTTP/1.1\r\nhost: a\r\n\r\n`,
    `GET / ${text}\r\n`,
    `GET / HTTP/1.1\r\nhost: ${text}\r\n\r\n`,
    ...['', 'connection: ', 'upgrade: ', 'transfer-encoding: ', 'content-length: ', 'expect: ', 'te: ', 'x: '].map(
      (name) => `${host}${name}${text}\r\n\r\n`,
    ),
    `${host}connection: upgrade\r\nupgrade: ${text}\r\n\r\n`,
    `${chunked}${text}\r\n`,
    `${chunked}1;${text}\r\nx\r\n0\r\n\r\n`,
    `${chunked}0\r\nx: ${text}\r\n\r\n`,
  ]) {
    const parser = new http1.RequestParser(LIMITS)
    parser.receive(Buffer.from(bytes, 'latin1'))
    for (;;) {
      const { type } = parser.next()
      if (type === 'need-more' || type === 'eof' || type === 'error') break
    }
  }
}

/** The text at each place of a response that holds some. */
function readResponses(text: string): void {
  const ok = 'HTTP/1.1 200 OK\r\n'
  const chunked = `${ok}transfer-encoding: chunked\r\n\r\n`
  for (const bytes of [
    `${text}\r\n\r\n`,
    `HTTP/1.1 200 ${text}\r\n\r\n`,
    ...['', 'connection: ', 'transfer-encoding: ', 'content-length: ', 'x: '].map(
      (name) => `${ok}${name}${text}\r\n\r\n`,
    ),
    `HTTP/1.1 101 x\r\nconnection: upgrade\r\nupgrade: ${text}\r\n\r\n`,
    `${chunked}${text}\r\n`,
    `${chunked}1;${text}\r\nx\r\n0\r\n\r\n`,
    `${chunked}0\r\nx: ${text}\r\n\r\n`,
  ]) {
    const reader = new http1.ResponseReader(LIMITS)
    reader.expect('GET')
    reader.receive(Buffer.from(bytes, 'latin1'))
    attempt(() => reader.next())
  }
}
