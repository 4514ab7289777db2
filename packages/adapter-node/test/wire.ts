/** A client of bytes: says exactly what it sends, and tells exactly what came back. */
import net from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

export interface WireResponse {
  readonly status: number
  readonly reason: string
  /** Names in lower case, in the order of the wire. */
  readonly fields: readonly (readonly [string, string])[]
  readonly body: Buffer
  readonly trailers: readonly (readonly [string, string])[]
  /** Whether the body came to the end that its framing announced. */
  readonly complete: boolean
}

export interface Conversation {
  readonly interim: readonly WireResponse[]
  /** `null` where the connection closed without a final response. */
  readonly final: WireResponse | null
}

/**
 * Sends a request and reads one final response. The connection is closed then, or has been closed by the server where
 * the request asked for that.
 *
 * @param meanwhile called with the connection when the request was sent
 */
export function talk(
  port: number,
  request: string | readonly (string | Uint8Array)[],
  meanwhile?: (socket: net.Socket) => void,
): Promise<Conversation> {
  const parts = typeof request === 'string' ? [request] : request
  const isHead = String(parts[0]).startsWith('HEAD ')
  const closing = String(parts[0]).includes('Connection: close')
  const { promise, resolve } = Promise.withResolvers<Conversation>()
  const received: Buffer[] = []
  const interim: WireResponse[] = []
  const socket = net.connect(port, '127.0.0.1', () => {
    for (const part of parts) socket.write(part)
    meanwhile?.(socket)
  })
  let done = false
  const finish = (final: WireResponse | null): void => {
    if (done) return
    done = true
    socket.destroy()
    resolve({ interim, final })
  }
  const look = (closed: boolean): void => {
    let bytes = Buffer.concat(received)
    for (;;) {
      const parsed = parseResponse(bytes, isHead, closed)
      if (parsed === null) {
        if (closed) finish(null)
        return
      }
      if (parsed.response.status >= 200) {
        if (closed || parsed.response.complete) finish(parsed.response)
        return
      }
      interim.push(parsed.response)
      bytes = bytes.subarray(parsed.length)
      received.splice(0, received.length, bytes)
    }
  }
  socket.on('data', (data) => {
    received.push(Buffer.from(data))
    if (!closing) look(false)
  })
  socket.on('error', () => {})
  socket.on('close', () => look(true))
  return promise
}

/** Tokens of a whole request; `content-length` is added for a body. */
export function requestText(
  method: string,
  path: string,
  fields: Readonly<Record<string, string>> = {},
  body: string | Uint8Array | null = null,
): (string | Uint8Array)[] {
  // Closing, so that no answer is cut short by a client that has read enough.
  let head = `${method} ${path} HTTP/1.1\r\nHost: example.test\r\nConnection: close\r\n`
  for (const [name, value] of Object.entries(fields)) head += `${name}: ${value}\r\n`
  if (body === null) return [`${head}\r\n`]
  return [`${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n`, body]
}

function parseResponse(
  bytes: Buffer,
  isHead: boolean,
  closed: boolean,
): { response: WireResponse; length: number } | null {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return null
  const [statusLine = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n')
  const [, status = '', reason = ''] = /^HTTP\/1\.1 (\d{3}) ?(.*)$/.exec(statusLine) ?? []
  const fields = lines.map(splitField)
  const head = { status: Number(status), reason, fields }
  const rest = bytes.subarray(end + 4)
  const bodyless = isHead || head.status < 200 || head.status === 204 || head.status === 304
  if (bodyless) return { response: { ...head, body: Buffer.alloc(0), trailers: [], complete: true }, length: end + 4 }
  const field = (name: string): string | undefined => fields.find((pair) => pair[0] === name)?.[1]
  if (field('transfer-encoding') === 'chunked') {
    return { response: { ...head, ...parseChunks(rest) }, length: bytes.length }
  }
  const length = field('content-length')
  const complete = length === undefined ? closed : rest.length >= Number(length)
  return { response: { ...head, body: rest, trailers: [], complete }, length: bytes.length }
}

function parseChunks(bytes: Buffer): Pick<WireResponse, 'body' | 'complete' | 'trailers'> {
  const chunks: Buffer[] = []
  let at = 0
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', at)
    if (lineEnd < 0) break
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16)
    if (size === 0) {
      const end = bytes.indexOf('\r\n\r\n', lineEnd)
      if (end < 0) break
      const lines = bytes.toString('latin1', lineEnd + 2, Math.max(lineEnd + 2, end)).split('\r\n')
      return { body: Buffer.concat(chunks), trailers: lines.filter(Boolean).map(splitField), complete: true }
    }
    if (lineEnd + 2 + size > bytes.length) {
      chunks.push(bytes.subarray(lineEnd + 2))
      break
    }
    chunks.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size))
    at = lineEnd + 2 + size + 2
  }
  return { body: Buffer.concat(chunks), trailers: [], complete: false }
}

function splitField(line: string): readonly [string, string] {
  const colon = line.indexOf(':')
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
}

/** Until a figure no longer changes, which is when both sides wait. */
export async function settled(figure: () => number): Promise<number> {
  for (;;) {
    const before = figure()
    await delay(150)
    if (figure() === before && before > 0) return before
  }
}
