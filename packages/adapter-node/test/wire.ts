/** A client of bytes: says exactly what it sends, and tells exactly what came back. */
import net from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { type InterimResponse, ResponseFormatError, ResponseReader, type WholeResponse } from '@tsgi/http1'

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
  const { promise, resolve, reject } = Promise.withResolvers<Conversation>()
  const received: Buffer[] = []
  const reader = new ResponseReader()
  reader.expect(isHead ? 'HEAD' : 'GET')
  const socket = net.connect(port, '127.0.0.1', () => {
    for (const part of parts) socket.write(part)
    meanwhile?.(socket)
  })
  let done = false
  const finish = (whole: WholeResponse | null, complete: boolean): void => {
    done = true
    socket.destroy()
    resolve({
      interim: (whole?.interim ?? reader.interim).map((each) => wireResponse(each, true)),
      final: whole === null ? null : wireResponse(whole, complete),
    })
  }
  const look = (closed: boolean): void => {
    if (done) return
    reader.receive(Buffer.concat(received.splice(0)))
    if (closed) reader.receiveEnd()
    try {
      const whole = reader.next()
      if (whole !== null) finish(whole, true)
      else if (closed) finish(null, false)
    } catch (error) {
      if (error instanceof ResponseFormatError && error.incomplete) finish(reader.partial, false)
      else reject(error)
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

function wireResponse(response: WholeResponse | InterimResponse, complete: boolean): WireResponse {
  const { status, reason } = response
  const { body, trailers } = response.type === 'response' ? response : { body: Buffer.alloc(0), trailers: null }
  return { status, reason, fields: pairs(response.headers), body, trailers: pairs(trailers ?? []), complete }
}

function pairs(list: readonly string[]): (readonly [string, string])[] {
  return Array.from({ length: list.length / 2 }, (_, i) => [list[2 * i] as string, list[2 * i + 1] as string])
}

/** Until a figure no longer changes, which is when both sides wait. */
export async function settled(figure: () => number): Promise<number> {
  for (;;) {
    const before = figure()
    await delay(150)
    if (figure() === before && before > 0) return before
  }
}
