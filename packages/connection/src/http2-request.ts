/** The head of an HTTP/2 request (RFC 9113 §8.3): from the fields of a stream to what an exchange, an environ and a log need. */
import { fieldRole, isAuthority, MAX_METHOD_SIZE, readTarget } from '@tsgi/http1'
import type { HeaderList } from '@tsgi/spec'
import type { Limits } from '@tsgi/spec/server'
import type { Refusal } from './refused-request.ts'

export interface Http2Request {
  readonly protocol: 'HTTP/2'
  readonly method: string
  /** As sent, without the query: `/…`, or `*` with OPTIONS. */
  readonly path: string
  /** As sent, without `?`. */
  readonly query: string
  /** Without pseudo-fields; `host` first, the parts of `cookie` joined (SPEC E.10). */
  readonly headers: HeaderList
  /** The authority that was asked for; `''` where the request names none. */
  readonly host: string
  /** Bytes of the body; 0 for none, -1 where the head does not say. */
  readonly bodyLength: number
  /** The client waits for 100 Continue before it sends its body (RFC 9110 §10.1.1). */
  readonly expectContinue: boolean
  /** HTTP/2 has no `upgrade` field (RFC 9113 §8.6). */
  readonly upgrade: null
}

const DIGITS = /^\d+$/
// HTTP/1.1's target: visible ASCII without `#`.
const PATH = /^[!"$-~]+$/

/**
 * What the library has checked already: that pseudo-fields are there once, known and in front, that a path begins with `/`, that names are lower-case tokens,
 * that no field belongs to a connection, and that the body is as long as `content-length` says.
 *
 * @param raw names and values as they were sent, in order, pseudo-fields too
 * @param ended no body follows
 */
export function readHttp2Request(raw: readonly string[], ended: boolean, limits: Limits): Http2Request | Refusal {
  let method = ''
  let path = ''
  let authority: string | null = null
  let cookieAt = -1
  let contentLength = -1
  let expect = ''
  let size = 0
  let fault: readonly [status: number, message: string] | null = null
  const headers: string[] = []
  let host: string | null = null
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at] as string
    const value = raw[at + 1] as string
    if (name.charCodeAt(0) === COLON) {
      if (name === ':method') method = value
      else if (name === ':path') path = value
      else if (name === ':authority') authority = value
      continue
    }
    // As a line of HTTP/1.1, so that one limit means one thing.
    size += name.length + value.length + 2
    if (name === 'cookie') {
      if (cookieAt >= 0) {
        headers[cookieAt] = `${headers[cookieAt] as string}; ${value}`
        continue
      }
      cookieAt = headers.length + 1
    } else {
      const role = fieldRole(name)
      switch (role) {
        case 'host':
          if (host !== null) fault = [400, 'there is more than one Host']
          host = value
          continue
        case 'content-length':
          if (contentLength >= 0 || !DIGITS.test(value) || !Number.isSafeInteger(Number(value)))
            fault = [400, 'content-length is one decimal number']
          contentLength = Number(value)
          break
        case 'expect':
          expect = expect === '' ? value : `${expect},${value}`
          break
        case 'look-alike':
          fault = [400, `the field name ${name} looks like a framing field; use hyphens`]
          break
        default:
      }
    }
    headers.push(name, value)
  }

  const refuse = (status: number, message: string): Refusal => ({ status, message, method, target: path || null })
  if (method.length > MAX_METHOD_SIZE) return refuse(501, `the method is longer than ${MAX_METHOD_SIZE} bytes`)
  if (path.length > limits.maxTargetSize) {
    return refuse(414, `the request target is longer than ${limits.maxTargetSize} bytes`)
  }
  if (size > limits.maxHeaderSize) {
    return refuse(431, `the header fields are larger than ${limits.maxHeaderSize} bytes`)
  }
  // Host is one of them, as in HTTP/1.1.
  if (headers.length + 2 > limits.maxHeaders * 2) {
    return refuse(431, `there are more than ${limits.maxHeaders} header fields`)
  }
  if (fault !== null) return refuse(...fault)
  // CONNECT has no path (RFC 9113 §8.5), and is not served.
  if (path !== '' && !PATH.test(path)) return refuse(400, "a request target is visible ASCII without '#'")
  const target = readTarget(method, path)
  if ('status' in target) return refuse(target.status, target.message)

  // 9113 §8.3.1: `host` may stand for an :authority that is not there; where both are, they name one place.
  const asked = authority ?? host
  if (asked === null) return refuse(400, 'a request names its host, by :authority or by host')
  if (!isAuthority(asked)) return refuse(400, ':authority is not host[:port]')
  if (host !== null && host.toLowerCase() !== asked.toLowerCase()) {
    return refuse(400, ':authority and host name two places')
  }
  headers.unshift('host', asked)
  // E.10: what tells an application that a body follows.
  if (!ended && contentLength < 0) headers.push('transfer-encoding', 'chunked')
  if (!ended && contentLength > limits.maxBodySize) {
    return refuse(413, `the body is larger than ${limits.maxBodySize} bytes`)
  }
  if (expect !== '' && expect.toLowerCase() !== '100-continue') {
    return refuse(417, 'the only expectation served is 100-continue')
  }
  return {
    protocol: 'HTTP/2',
    method,
    path: target.path,
    query: target.query,
    headers,
    host: asked,
    bodyLength: ended ? 0 : contentLength,
    expectContinue: expect !== '' && !ended,
    upgrade: null,
  }
}

const COLON = 0x3a

/** The request of an answer to one that broke a rule. */
export function http2HeadOfRefused({ method, target }: Refusal): Http2Request {
  return {
    protocol: 'HTTP/2',
    method: method ?? '-',
    path: target ?? '-',
    query: '',
    headers: [],
    host: '',
    bodyLength: 0,
    expectContinue: false,
    upgrade: null,
  }
}

/**
 * The fields behind a body, by the rules of those of HTTP/1.1 (RFC 9110 §6.5.1).
 *
 * @returns `null` where they break one
 */
export function readHttp2Trailers(raw: readonly string[], limits: Limits): HeaderList | null {
  if (raw.length > limits.maxHeaders * 2) return null
  let size = 0
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at] as string
    size += name.length + (raw[at + 1] as string).length + 2
    if (size > limits.maxHeaderSize || fieldRole(name) !== 'plain') return null
  }
  return raw.slice()
}
