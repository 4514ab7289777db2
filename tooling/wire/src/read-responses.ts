/** Whole responses out of what a client received so far, read with the project's own parser. */
import { ResponseFormatError, ResponseReader, type WholeResponse } from '@tsgi/http1'

export interface ReadResponse {
  readonly status: number
  /** Status line and fields, as text; names are in lower case. */
  readonly head: string
  readonly headers: ReadonlyMap<string, string>
  /** One character per byte. */
  readonly body: string
  /** The body as it is. */
  readonly bytes: Buffer
  /** Bytes from the beginning of what was received to the end of this response. */
  readonly end: number
}

export interface ReadOptions {
  /** Of the requests, in order. Default GET for each response that there is. */
  readonly methods?: readonly string[]
  /** Whether the server ended the connection, and with it the body of a response without a length. Default false. */
  readonly ended?: boolean
  /** Where to stop. Default at the end of what was received. */
  readonly most?: number
}

const LIMITS = { maxHeaderSize: 1024 * 1024, maxHeaders: 10_000, maxBodySize: Number.MAX_SAFE_INTEGER }

/**
 * The whole responses at the beginning of `received`, a string having one character per byte.
 *
 * @throws ResponseFormatError where a rule is broken; what is only incomplete is left out
 */
export function readResponses(
  received: string | Buffer,
  { methods, ended = false, most = Number.POSITIVE_INFINITY }: ReadOptions = {},
): ReadResponse[] {
  const bytes = typeof received === 'string' ? Buffer.from(received, 'latin1') : received
  const reader = new ResponseReader(LIMITS)
  reader.receive(bytes)
  if (ended) reader.receiveEnd()
  const responses: ReadResponse[] = []
  while (reader.parser.buffered > 0 && responses.length < most) {
    const method = methods === undefined ? 'GET' : methods[responses.length]
    if (method !== undefined) reader.expect(method)
    const whole = nextOf(reader)
    if (whole === null) break
    responses.push(asRead(whole, bytes.length - reader.parser.buffered))
  }
  return responses
}

function nextOf(reader: ResponseReader): WholeResponse | null {
  try {
    return reader.next()
  } catch (error) {
    if (error instanceof ResponseFormatError && error.incomplete) return null
    throw error
  }
}

function asRead({ status, reason, minorVersion, headers, body }: WholeResponse, end: number): ReadResponse {
  const fields = new Map<string, string>()
  let head = `HTTP/1.${minorVersion} ${status} ${reason}`
  for (let i = 0; i < headers.length; i += 2) {
    const [name = '', value = ''] = headers.slice(i, i + 2)
    fields.set(name, value)
    head += `\r\n${name}: ${value}`
  }
  return { status, head, headers: fields, body: body.toString('latin1'), bytes: body, end }
}
