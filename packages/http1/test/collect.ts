/** Drives a parser and gathers what it tells, with adjacent data joined, so that different cuts can be compared. */
import {
  DEFAULT_PARSER_LIMITS,
  type ParserLimits,
  type RequestEvent,
  type RequestHead,
  RequestParser,
} from '../src/index.ts'

export type Told = Exclude<RequestEvent, { type: 'need-more' } | { type: 'data' }> | { type: 'data'; text: string }

export interface Options {
  readonly limits?: Partial<ParserLimits>
  /** Whether the peer ends after the bytes. Default true. */
  readonly end?: boolean
}

/** Everything that the pieces, received one after the other, make the parser tell. */
export function collect(pieces: readonly (Buffer | string)[], { limits, end = true }: Options = {}): Told[] {
  const parser = new RequestParser({ ...DEFAULT_PARSER_LIMITS, ...limits })
  const told: Told[] = []
  const shared = Buffer.alloc(Math.max(...pieces.map((piece) => piece.length)))
  for (const piece of pieces) {
    const bytes = typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece
    // Received into memory that is overwritten afterwards, as on a server that reads all connections into one buffer.
    bytes.copy(shared)
    parser.receive(shared.subarray(0, bytes.length))
    if (drain(parser, told)) return told
    parser.release()
    shared.fill(0x21, 0, bytes.length)
  }
  if (end) {
    parser.receiveEnd()
    drain(parser, told)
  }
  return told
}

/** `true` at the end of all: an error or the end of the stream. */
function drain(parser: RequestParser, told: Told[]): boolean {
  for (;;) {
    const event = parser.next()
    if (event.type === 'need-more') return false
    if (event.type === 'data') {
      const text = Buffer.from(event.bytes).toString('latin1')
      const last = told.at(-1)
      if (last?.type === 'data') last.text += text
      else told.push({ type: 'data', text })
      continue
    }
    told.push(event)
    if (event.type === 'error' || event.type === 'eof') return true
  }
}

/** The head of one good request. */
export function head(text: string, options: Options = {}): RequestHead {
  const [first] = collect([text], { end: false, ...options })
  if (first?.type !== 'request') throw new Error(`expected a request; came ${JSON.stringify(first)}`)
  return first
}

/** The status that a bad request is answered with. */
export function status(text: string | Buffer, options: Options = {}): number {
  const told = collect([text], { end: false, ...options })
  const last = told.at(-1)
  if (last?.type !== 'error') throw new Error(`expected an error; came ${JSON.stringify(told)}`)
  return last.status
}
