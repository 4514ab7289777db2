/** Drives a response parser and gathers what it reports, with adjacent data joined, so that different cuts can be compared. */
import { DEFAULT_RESPONSE_LIMITS, type MessageLimits, type ResponseEvent, ResponseParser } from '../src/index.ts'

export type Reported =
  | Exclude<ResponseEvent, { type: 'need-more' } | { type: 'data' }>
  | { type: 'data'; text: string }
  | { type: 'rest'; text: string }

export interface Options {
  readonly limits?: Partial<MessageLimits>
  /** Methods of the requests. Default one GET. */
  readonly methods?: readonly string[]
  /** Whether the server ends the connection after the bytes. Default true. */
  readonly end?: boolean
}

/** Everything that the pieces, received one after the other, make the parser report. */
export function collect(
  pieces: readonly Buffer[],
  { limits, methods = ['GET'], end = true }: Options = {},
): Reported[] {
  const parser = new ResponseParser({ ...DEFAULT_RESPONSE_LIMITS, ...limits })
  for (const method of methods) parser.expect(method)
  const reported: Reported[] = []
  const shared = Buffer.alloc(Math.max(0, ...pieces.map((piece) => piece.length)))
  for (const piece of pieces) {
    // Received into memory that is overwritten afterwards, as by a client that reads all connections into one buffer.
    piece.copy(shared)
    parser.receive(shared.subarray(0, piece.length))
    if (drain(parser, reported)) return reported
    parser.release()
    shared.fill(0x21, 0, piece.length)
  }
  if (end) {
    parser.receiveEnd()
    if (drain(parser, reported)) return reported
  }
  // What follows a switch of protocols.
  if (parser.buffered > 0) reported.push({ type: 'rest', text: parser.takeRest().toString('latin1') })
  return reported
}

/** `true` at the end of all: an error or the end of the connection. */
function drain(parser: ResponseParser, reported: Reported[]): boolean {
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
    if (event.type === 'error' || event.type === 'eof') return true
  }
}

export const collectText = (text: string, options?: Options): Reported[] =>
  collect([Buffer.from(text, 'latin1')], options)
