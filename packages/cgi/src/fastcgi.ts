/**
 * Requests of FastCGI 1.0, from bytes to events, without I/O. One request at a time: a second that begins before the first is
 * answered is refused by its own record, which a gateway that asked by `FCGI_GET_VALUES` knows beforehand.
 *
 *     BEGIN_REQUEST · PARAMS* · PARAMS (empty) · STDIN* · STDIN (empty)       of one request
 *     GET_VALUES, and types nobody knows, of no request: answered at once     between any two records
 *     ABORT_REQUEST                                                           at any time
 */
import { ABORTED, END, END_OF_STREAM, type FastCgiEvent, NEED_MORE, type RequestError } from './events.ts'
import {
  ABORT_REQUEST,
  BEGIN_REQUEST,
  CANNOT_MULTIPLEX,
  endRequest,
  GET_VALUES,
  GET_VALUES_RESULT,
  HEAD,
  KEEP_CONNECTION,
  PARAMS,
  readPairs,
  record,
  RESPONDER,
  STDIN,
  UNKNOWN_ROLE,
  UNKNOWN_TYPE,
  VERSION,
  writePairs,
} from './fastcgi-records.ts'
import { DEFAULT_GATEWAY_LIMITS, type GatewayLimits, mostVariables } from './limits.ts'
import { ReceivedBytes } from './received-bytes.ts'
import { readRequest } from './request.ts'
import { whatCame } from './what-came.ts'

const NOTHING_TO_TAKE: Buffer = Buffer.alloc(0)

/** Requests that one connection may begin in vain. */
const MOST_IGNORED = 16

/** Of the present request. */
type State =
  /** There is none. */
  | 'idle'
  | 'params'
  | 'body'
  /** Its body has ended with the last `data`. */
  | 'end'
  /** It was read whole, and the next has not begun. */
  | 'read'
  | 'failed'

/** Answers of a gateway's questions: the names that it may ask, and what is true here. */
const VALUES: ReadonlyMap<string, string> = new Map([['FCGI_MPXS_CONNS', '0']])

export class FastCgiParser {
  readonly #received = new ReceivedBytes()
  readonly #limits: GatewayLimits
  #state: State = 'idle'
  #ended = false
  /** Content of the present STDIN record that was not given out yet, and the padding behind it. */
  #contentLeft = 0
  #padding = 0
  #params: Buffer[] = []
  #paramsSize = 0
  #keep = false
  /** The request was answered, so that the rest of its body is of no use. */
  #answered = false
  /** By `CONTENT_LENGTH`; -1: until the empty record. */
  #bodyLeft = 0
  /** Bytes of a body of unknown length that may still be announced. */
  #allowance = 0
  /** Requests that were refused, or answered before their bodies had ended: what still arrives of them is ignored. */
  readonly #ignored = new Set<number>()
  #failure: FastCgiEvent | null = null
  /** Of the present request, or of the last one; 0 before the first. */
  requestId = 0

  constructor(limits: GatewayLimits = DEFAULT_GATEWAY_LIMITS) {
    this.#limits = limits
  }

  /** Bytes of the body that were not yet given out; -1 where their number is unknown. */
  get bodyLeft(): number {
    return this.#state === 'body' ? this.#bodyLeft : 0
  }

  /** Bytes received and not yet parsed. */
  get buffered(): number {
    return this.#received.length
  }

  /** Between two requests. */
  get idle(): boolean {
    return (this.#state === 'idle' || this.#state === 'read') && this.#received.length === 0
  }

  /** Adds what was received: the first `length` bytes. They are borrowed until {@link release}. */
  receive(bytes: Buffer, length: number = bytes.length): void {
    if (this.#state !== 'failed') this.#received.append(bytes, length)
  }

  /** The gateway sends nothing more. */
  receiveEnd(): void {
    this.#ended = true
  }

  /** Copies what is still unparsed, so that the memory that was received into may be used again. */
  release(): void {
    this.#received.own()
  }

  /** There is no other protocol that could follow. */
  takeRest(): Buffer {
    return NOTHING_TO_TAKE
  }

  /** The request was answered (`END_REQUEST` is sent): its id may be used again, whether its body has ended or not. */
  answered(): void {
    this.#answered = true
  }

  /**
   * Whether the next record, which is there already, says that nobody wants the response. Nothing else is asked for while a
   * request is being answered, so this is how it is noticed.
   */
  get aborted(): boolean {
    if (this.#answered || this.#contentLeft > 0) return false
    const { bytes } = this.#received
    let at = this.#received.position + this.#padding
    while (at + HEAD <= this.#received.end) {
      if (bytes[at] !== VERSION || bytes.readUInt16BE(at + 2) !== this.requestId) return false
      if (bytes[at + 1] === ABORT_REQUEST) return true
      // The end of the body stands in front of it.
      if (bytes[at + 1] !== STDIN || bytes.readUInt16BE(at + 4) > 0) return false
      at += HEAD + (bytes[at + 6] as number)
    }
    return false
  }

  /** @param maxData most bytes that a `data` event may carry */
  next(maxData: number = Number.POSITIVE_INFINITY): FastCgiEvent {
    for (;;) {
      if (this.#state === 'failed') return this.#failure as FastCgiEvent
      if (this.#state === 'end') {
        this.#state = 'read'
        return END
      }
      if (this.#contentLeft > 0) return this.#readContent(maxData)
      if (this.#padding > 0) {
        this.#padding -= this.#received.take(this.#padding).length
        if (this.#padding > 0) return this.#more()
      }
      const event = this.#readRecord()
      if (event !== null) return event
    }
  }

  /** `null`: the record brought nothing to report. */
  #readRecord(): FastCgiEvent | null {
    const { bytes, position, length } = this.#received
    if (length === 0) return this.#more()
    if (bytes[position] !== VERSION && (length >= HEAD || this.#ended)) {
      return this.#break(
        `expected a FastCGI record of version 1, got ${whatCame(bytes.subarray(position, position + length))}`,
      )
    }
    if (length < HEAD) return this.#more()
    const type = bytes[position + 1] as number
    const id = bytes.readUInt16BE(position + 2)
    const size = bytes.readUInt16BE(position + 4)
    const padding = bytes[position + 6] as number
    // The content of a body is given out as it arrives; every other record is looked at whole.
    const whole = type !== STDIN
    if (whole && length < HEAD + size) return this.#more()
    // A request that begins before the body of the answered one has ended takes its place: first the old one ends.
    if (type === BEGIN_REQUEST && this.#state === 'body' && this.#answered) {
      this.#state = 'end'
      return this.#ignore(this.requestId)
    }
    this.#received.position += HEAD
    this.#padding = padding
    if (type === STDIN) return this.#beginContent(id, size)
    const content = this.#received.take(size)
    if (id === 0) return this.#manage(type, content)
    if (type === BEGIN_REQUEST) return this.#begin(id, content)
    if (this.#ignored.has(id)) return null
    if (id !== this.requestId) return this.#breakUnknown(id)
    switch (type) {
      case PARAMS:
        return this.#addParams(content)
      case ABORT_REQUEST:
        return this.#answered ? null : ABORTED
      default:
        return this.#break(`expected a record of a request (BEGIN, PARAMS, STDIN or ABORT), got type ${type}`)
    }
  }

  #begin(id: number, content: Buffer): FastCgiEvent | null {
    if (content.length !== 8) return this.#break(`expected a BEGIN_REQUEST of 8 bytes, got ${content.length}`)
    const open = this.#state === 'params' || this.#state === 'body' || (this.#state === 'read' && !this.#answered)
    if (open && id === this.requestId) return this.#break(`expected request ${id} to end before it begins again`)
    const role = content.readUInt16BE(0)
    if (open || role !== RESPONDER) {
      const text = endRequest(id, open ? CANNOT_MULTIPLEX : UNKNOWN_ROLE)
      return this.#ignore(id) ?? { type: 'reply', text }
    }
    this.#ignored.delete(id)
    this.requestId = id
    this.#keep = ((content[2] as number) & KEEP_CONNECTION) !== 0
    this.#answered = false
    this.#params = []
    this.#paramsSize = 0
    this.#state = 'params'
    return null
  }

  #addParams(content: Buffer): FastCgiEvent | null {
    if (this.#state !== 'params') return this.#break('expected the variables of a request once, got more of them')
    if (content.length > 0) {
      this.#paramsSize += content.length
      const most = mostVariables(this.#limits)
      if (this.#paramsSize > most) return this.#refuse(431, `the variables are longer than ${most} bytes`)
      this.#params.push(Buffer.from(content))
      return null
    }
    const variables = readPairs(this.#params.length === 1 ? (this.#params[0] as Buffer) : Buffer.concat(this.#params))
    this.#params = []
    if (typeof variables === 'string') return this.#break(variables)
    const request = readRequest(variables, this.#limits, this.#keep, true)
    if (request.type === 'error') return this.#fail(request)
    this.#bodyLeft = request.bodyLength
    this.#allowance = this.#limits.maxBodySize
    this.#state = request.bodyLength === 0 ? 'end' : 'body'
    return request
  }

  #beginContent(id: number, size: number): FastCgiEvent | null {
    if (this.#ignored.has(id)) {
      this.#padding += size
      return null
    }
    if (id !== this.requestId || id === 0) return this.#breakUnknown(id)
    // The body has ended with its last byte; the record that ends it follows.
    if (this.#state === 'read' && size === 0) return null
    if (this.#state === 'read') return this.#break('expected a body as long as CONTENT_LENGTH, got a longer one')
    if (this.#state !== 'body') return this.#break('expected the variables of the request first, got its body')
    if (this.#bodyLeft < 0) return this.#beginUncounted(size)
    if (size > this.#bodyLeft) return this.#refuse(400, 'the body is longer than CONTENT_LENGTH')
    if (size === 0) return this.#refuse(400, 'the body is shorter than CONTENT_LENGTH', true)
    this.#contentLeft = size
    return null
  }

  /** Of a body whose length the gateway does not know either. */
  #beginUncounted(size: number): FastCgiEvent | null {
    if (size === 0) this.#state = 'end'
    if (size > this.#allowance) return this.#refuse(413, `the body is longer than ${this.#limits.maxBodySize} bytes`)
    this.#allowance -= size
    this.#contentLeft = size
    return null
  }

  #readContent(maxData: number): FastCgiEvent {
    if (this.#received.length === 0) return this.#more()
    const bytes = this.#received.take(Math.min(this.#contentLeft, maxData))
    this.#contentLeft -= bytes.length
    if (this.#bodyLeft > 0) {
      this.#bodyLeft -= bytes.length
      if (this.#bodyLeft === 0) this.#state = 'end'
    }
    return { type: 'data', bytes }
  }

  #manage(type: number, content: Buffer): FastCgiEvent {
    if (type !== GET_VALUES) {
      return { type: 'reply', text: record(UNKNOWN_TYPE, 0, String.fromCharCode(type, 0, 0, 0, 0, 0, 0, 0)) }
    }
    const asked = readPairs(content)
    if (typeof asked === 'string') return this.#break(asked)
    const told: string[] = []
    for (const [name, value] of VALUES)
      if (asked.some((text, i) => i % 2 === 0 && text === name)) told.push(name, value)
    return { type: 'reply', text: record(GET_VALUES_RESULT, 0, writePairs(told)) }
  }

  #more(): FastCgiEvent {
    if (!this.#ended) return NEED_MORE
    if (this.idle) return END_OF_STREAM
    if (this.#state === 'body') return this.#refuse(400, 'the request ended within its body', true)
    return this.#break('the gateway left within a record')
  }

  #refuse(status: RequestError['status'], message: string, incomplete = false): FastCgiEvent {
    return this.#fail({ type: 'error', status, message, incomplete, method: null, target: null })
  }

  /** @returns what to report where there would be too many of them, else `null` */
  #ignore(id: number): FastCgiEvent | null {
    this.#ignored.add(id)
    return this.#ignored.size > MOST_IGNORED
      ? this.#break(`expected one request at a time, got ${MOST_IGNORED} more`)
      : null
  }

  #breakUnknown(id: number): FastCgiEvent {
    const known = this.requestId === 0 ? 'a BEGIN_REQUEST' : `a record of request ${this.requestId}`
    return this.#break(`expected ${known}, got one of request ${id}, which nobody began`)
  }

  #break(message: string): FastCgiEvent {
    return this.#fail({ type: 'broken', message })
  }

  #fail(event: FastCgiEvent): FastCgiEvent {
    this.#state = 'failed'
    this.#received.position = this.#received.end
    this.#params = []
    this.#contentLeft = this.#padding = 0
    this.#failure = event
    return event
  }
}
