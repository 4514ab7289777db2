/**
 * Responses as the client's half of `@tsgi/http1` reads them, and what only a kit minds: framing fields where no body can
 * be. Reads from bytes that it asks for; knows no socket.
 */
import {
  type InterimResponse,
  type ReceivedResponse,
  ResponseFormatError,
  ResponseReader,
  type WholeResponse,
} from '@tsgi/http1'
import type { RfcClause } from './clause.ts'
import { Mismatch, show } from './mismatch.ts'

type Field = readonly [name: string, value: string]

export interface WireResponse {
  readonly version: 'HTTP/1.0' | 'HTTP/1.1'
  readonly status: number
  readonly reason: string
  /** In order, with names in lower case. */
  readonly fields: readonly Field[]
  readonly body: Buffer
  readonly trailers: readonly Field[]
  /** 1xx answers that came before. */
  readonly interim: readonly WireResponse[]
  readonly framing: ReceivedResponse['framing']
  /** Value of the first field of that name, in any case. */
  field(name: string): string | undefined
  all(name: string): string[]
  readonly text: string
}

/** Where bytes come from. `more` resolves to false once there will be none. */
export interface ByteSource {
  /** All bytes that were not taken yet. */
  take(): Buffer
  /** The first of what comes next. */
  putBack(bytes: Buffer): void
  more(purpose: string): Promise<boolean>
  /** The end was a reset, not an orderly one. */
  readonly broken: boolean
}

/** A kit judges what servers send, not how much of it. */
const LIMITS = { maxHeaderSize: 1024 * 1024, maxHeaders: 10_000, maxBodySize: Number.MAX_SAFE_INTEGER }

/** The next final response; interim ones before it are kept in it. */
export async function readResponse(source: ByteSource, method: string): Promise<WireResponse> {
  const reader = new ResponseReader(LIMITS)
  reader.expect(method)
  for (;;) {
    reader.receive(source.take())
    const whole = checked(() => reader.next())
    if (whole !== null) {
      source.putBack(reader.parser.takeRest())
      return finalResponse(whole)
    }
    if (!(await source.more(purposeOf(reader)))) return atTheEnd(source, reader)
  }
}

/** The next head alone, interim or final: for who wants to see that a 100 came by itself. */
export async function readInterim(source: ByteSource): Promise<WireResponse> {
  const { parser } = new ResponseReader(LIMITS)
  parser.expect('GET')
  for (;;) {
    parser.receive(source.take())
    const event = parser.next()
    if (event.type === 'error') throw new Mismatch('a response', event.message, event.clause as RfcClause)
    if (event.type === 'interim' || event.type === 'response') {
      source.putBack(parser.takeRest())
      return response(event)
    }
    parser.release()
    if (!(await source.more('a response'))) parser.receiveEnd()
    if (event.type === 'eof') throw new Mismatch('a response', endOf(source))
  }
}

function purposeOf({ head, bodyReceived, parser }: ResponseReader): string {
  if (head === null) return parser.idle ? 'a response' : 'the rest of the head'
  if (head.framing === 'close') return 'the end of a body that is framed by the end of the connection'
  const of = head.bodyLength < 0 ? '' : ` of ${head.bodyLength} bytes`
  return `the rest of a body${of}, after ${bodyReceived} bytes`
}

function atTheEnd(source: ByteSource, reader: ResponseReader): WireResponse {
  const purpose = purposeOf(reader)
  if (source.broken) throw new Mismatch(purpose, endOf(source), 'RFC 9112 §8')
  reader.receiveEnd()
  const whole = checked(() => reader.next())
  if (whole === null) throw new Mismatch(purpose, endOf(source))
  return finalResponse(whole)
}

const endOf = (source: ByteSource): string => (source.broken ? 'a reset connection' : 'the end of the connection')

function checked<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof ResponseFormatError) {
      throw new Mismatch('a response by the rules of HTTP', error.message, error.clause as RfcClause)
    }
    throw error
  }
}

function finalResponse(whole: WholeResponse): WireResponse {
  const interim = whole.interim.map((each) => unframed(response(each)))
  const final = response(whole, { interim, body: whole.body, trailers: pairs(whole.trailers ?? []) })
  return final.status === 204 || final.status === 101 ? unframed(final) : final
}

/** @throws Mismatch where a field says something of a body */
function unframed(one: WireResponse): WireResponse {
  if (one.fields.some(([name]) => name === 'content-length' || name === 'transfer-encoding')) {
    throw new Mismatch(`no framing fields in a ${one.status}`, show(one.fields), 'RFC 9110 §8.6')
  }
  return one
}

type Rest = Pick<WireResponse, 'interim' | 'body' | 'trailers'>

const NOTHING_MORE: Rest = { interim: [], body: Buffer.alloc(0), trailers: [] }

function response(head: ReceivedResponse | InterimResponse, rest: Rest = NOTHING_MORE): WireResponse {
  const { status, reason } = head
  const fields = pairs(head.headers)
  const all = (name: string): string[] =>
    fields.filter(([each]) => each === name.toLowerCase()).map(([, value]) => value)
  return {
    version: head.minorVersion === 0 ? 'HTTP/1.0' : 'HTTP/1.1',
    status,
    reason,
    fields,
    framing: head.type === 'response' ? head.framing : 'none',
    ...rest,
    all,
    field: (name) => all(name)[0],
    get text() {
      return rest.body.toString('utf8')
    },
  }
}

function pairs(list: readonly string[]): Field[] {
  const fields: Field[] = []
  for (let i = 0; i < list.length; i += 2) fields.push([list[i] as string, list[i + 1] as string])
  return fields
}
