/** Drives a parser and gathers what it reports, with adjacent data joined, so that different cuts can be compared. */
import {
  DEFAULT_GATEWAY_LIMITS,
  FastCgiParser,
  type FastCgiEvent,
  type GatewayLimits,
  type GatewayRequest,
  UwsgiParser,
} from '../src/index.ts'

export type Reported = Exclude<FastCgiEvent, { type: 'need-more' } | { type: 'data' }> | { type: 'data'; text: string }

export type Protocol = 'uwsgi' | 'fastcgi'

/** Everything that the pieces, received one after the other, and then the end, make the parser report. */
export function collect(
  protocol: Protocol,
  pieces: readonly (Buffer | string)[],
  limits: Partial<GatewayLimits> = {},
  end = true,
): Reported[] {
  const all = { ...DEFAULT_GATEWAY_LIMITS, ...limits }
  const parser = protocol === 'uwsgi' ? new UwsgiParser(all) : new FastCgiParser(all)
  const reported: Reported[] = []
  const shared = Buffer.alloc(Math.max(0, ...pieces.map((piece) => piece.length)))
  for (const piece of pieces) {
    const bytes = typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece
    // Received into memory that is overwritten afterwards, as on a server that reads all connections into one buffer.
    bytes.copy(shared)
    parser.receive(shared, bytes.length)
    if (drain(parser, reported)) return reported
    parser.release()
    shared.fill(0x21, 0, bytes.length)
  }
  if (end) {
    parser.receiveEnd()
    drain(parser, reported)
  }
  return reported
}

/** `true` at the end of all. */
function drain(parser: UwsgiParser | FastCgiParser, reported: Reported[]): boolean {
  for (;;) {
    const event = parser.next()
    if (event.type === 'need-more') return false
    if (event.type === 'data') {
      const text = Buffer.from(event.bytes).toString('latin1')
      const last = reported.at(-1)
      if (last?.type === 'data') last.text += text
      else reported.push({ type: 'data', text })
      continue
    }
    reported.push(event)
    // A request is answered as soon as it was read.
    if (event.type === 'end' && parser instanceof FastCgiParser) parser.answered()
    if (event.type === 'error' || event.type === 'broken' || event.type === 'eof') return true
  }
}

export const VARIABLES: readonly string[] = [
  'REQUEST_METHOD',
  'GET',
  'REQUEST_URI',
  '/a%2Fb?c=d',
  'PATH_INFO',
  '/a/b',
  'QUERY_STRING',
  'c=d',
  'CONTENT_LENGTH',
  '',
  'CONTENT_TYPE',
  '',
  'SERVER_PROTOCOL',
  'HTTP/1.1',
  'REQUEST_SCHEME',
  'http',
  'REMOTE_ADDR',
  '192.0.2.1',
  'REMOTE_PORT',
  '4711',
  'SERVER_PORT',
  '80',
  'SERVER_NAME',
  'example.org',
  'HTTP_HOST',
  'example.org',
]

/** {@link VARIABLES} with changes; `null` leaves one out. */
export function variables(changes: Readonly<Record<string, string | null>> = {}): string[] {
  const changed = new Map<string, string | null>()
  for (let i = 0; i < VARIABLES.length; i += 2) changed.set(VARIABLES[i] as string, VARIABLES[i + 1] as string)
  for (const [name, value] of Object.entries(changes)) changed.set(name, value)
  return [...changed].flatMap(([name, value]) => (value === null ? [] : [name, value]))
}

export function requestIn(reported: readonly Reported[]): GatewayRequest {
  const [first] = reported
  if (first?.type !== 'request') throw new Error(`expected a request, got ${JSON.stringify(reported)}`)
  return first
}
