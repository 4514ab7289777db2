/**
 * What Node's parser lets through and a TSGI server does not: targets and hosts that two programs read in two ways, and
 * fields that pose as framing.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { statusReason, type HeaderList } from '@tsgi/spec'

// 9112 §3.2, 3986 §3.3: no controls, spaces, or bytes over 0x7E; no fragment
const TARGET = /^["!$-~]+$/
// 9110 §7.2: one host with an optional port; without the sub-delims that no host has and that attacks use
const HOST = /^(?:(?:[A-Za-z0-9\-._~]|%[0-9A-Fa-f]{2})+|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{0,5})?$/

export interface Refusal {
  readonly status: 400 | 505
  /** For the sender of the request, who made the mistake. */
  readonly message: string
}

const bad = (message: string): Refusal => ({ status: 400, message })

/** What is wrong with a request; `null` where nothing is. */
export function refusalOf(request: IncomingMessage, headers: HeaderList): Refusal | null {
  const { url = '/', method, httpVersion } = request
  if (httpVersion !== '1.1' && httpVersion !== '1.0') return wrongVersion(httpVersion)
  if (!TARGET.test(url)) return bad('The target has a byte that must be encoded.')
  if (url.includes('\\') && /^[^?]*\\/.test(url)) return bad('The path has a backslash.')
  if (url === '*' && method !== 'OPTIONS') return bad('The target * is for OPTIONS alone.')
  let hosts = 0
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string
    const value = headers[i + 1] as string
    if (name === 'host') {
      hosts += 1
      if (hosts > 1) return bad('There is more than one Host.')
      if (!HOST.test(value)) return bad('The Host is no host with an optional port.')
    } else if (name === 'content-length') {
      if (value.length > 1 && value.startsWith('0')) return bad('The Content-Length has leading zeros.')
    } else if (name === 'transfer-encoding') {
      if (httpVersion === '1.0') return bad('Transfer-Encoding is unknown to HTTP/1.0.')
    } else if (name === 'content_length' || name === 'transfer_encoding') {
      return bad(`The field ${name} poses as framing.`)
    }
  }
  return null
}

const wrongVersion = (version: string): Refusal =>
  version.startsWith('0.')
    ? bad('The request line has no version.')
    : { status: 505, message: 'HTTP/1.1 is served here.' }

/** Answers, and ends the connection, since nobody knows what follows. */
export function refuse(response: ServerResponse, status: number, message: string): void {
  const fields = [
    'content-type',
    'text/plain; charset=utf-8',
    'x-content-type-options',
    'nosniff',
    'connection',
    'close',
  ]
  response.writeHead(status, statusReason(status), fields)
  response.end(`${status} ${statusReason(status)}\n\n${message}\n`)
}
