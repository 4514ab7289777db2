/**
 * Responses, from bytes to events: the client's half of {@link RequestParser}, with the same rules. Without I/O: the caller
 * puts in what it received and takes out events.
 *
 * A response can be read only by who knows the request (RFC 9112 §6.3): {@link ResponseParser.expect} each request as it is
 * sent. What no request asked for is an error (RFC 9112 §9.2).
 */
import { ByteWindow } from './byte-window.ts'
import { ChunkedBody } from './chunked-body.ts'
import { END_OF_STREAM, END_WITHOUT_TRAILERS, NEED_MORE } from './events.ts'
import { Fault } from './fault.ts'
import { FieldSection, readFieldSection } from './field-section.ts'
import { lowerCaseMembers, members } from './list-tokens.ts'
import { DEFAULT_RESPONSE_LIMITS, type MessageLimits } from './parser-limits.ts'
import type { ReceivedResponse, ResponseError, ResponseEvent } from './response-events.ts'
import { opensTunnel, readResponseFraming } from './response-framing.ts'
import { readStatusLine, type StatusLine } from './status-line.ts'

type State =
  | 'idle'
  | 'status-line'
  | 'fields'
  | 'counted-body'
  | 'chunked-body'
  | 'until-close'
  | 'end'
  | 'switched'
  | 'failed'

export class ResponseParser {
  readonly #window = new ByteWindow()
  readonly #limits: MessageLimits
  readonly #fields = new FieldSection()
  /** Methods of the requests that are not answered yet. */
  readonly #methods: string[] = []
  #state: State = 'idle'
  #ended = false
  #line: StatusLine | null = null
  /** Of a counted body, what is left; of one until the end, what was received. */
  #bodySize = 0
  #chunked: ChunkedBody | null = null
  /** After this response the connection speaks something else. */
  #switches = false
  #error: ResponseError | null = null

  constructor(limits: MessageLimits = DEFAULT_RESPONSE_LIMITS) {
    this.#limits = limits
  }

  /** A request was sent. Responses arrive in the order of their requests (RFC 9112 §9.3.2). */
  expect(method: string): void {
    this.#methods.push(method)
  }

  /** Requests without a final response yet; one whose response has begun is not counted. */
  get expected(): number {
    return this.#methods.length
  }

  /** Bytes received and not yet parsed. */
  get buffered(): number {
    return this.#window.length
  }

  /** Between two responses, interim ones too: no byte of the next one was parsed, though some may be buffered. */
  get idle(): boolean {
    return this.#state === 'idle'
  }

  /** Adds what was received: the first `length` bytes. They are borrowed until {@link release}. */
  receive(bytes: Buffer, length: number = bytes.length): void {
    this.#window.append(bytes, length)
  }

  /** The server sends nothing more: the end of a body that is delimited so (RFC 9112 §6.3, last). */
  receiveEnd(): void {
    this.#ended = true
  }

  /** Copies what is still unparsed, so that the memory that was received into may be used again. */
  release(): void {
    this.#window.own()
  }

  /**
   * Takes what is unparsed, as bytes of the caller's own. After a 101, and after a 2xx to CONNECT, they belong to another
   * protocol, and {@link next} reports nothing more.
   */
  takeRest(): Buffer {
    const { bytes, position, end } = this.#window
    const rest = Buffer.from(bytes.subarray(position, end))
    this.#window.position = end
    return rest
  }

  /** @param maxData most bytes that a `data` event may carry */
  next(maxData: number = Number.POSITIVE_INFINITY): ResponseEvent {
    switch (this.#state) {
      case 'idle':
        if (this.#window.length === 0) return this.#ended ? END_OF_STREAM : NEED_MORE
        if (this.#methods.length === 0) {
          return this.#fail(new Fault(400, 'the server sent bytes that answer no request'), 'RFC 9112 §9.2')
        }
        this.#state = 'status-line'
        return this.#readHead()
      case 'status-line':
      case 'fields':
        return this.#readHead()
      case 'counted-body':
      case 'until-close':
        return this.#readPlainBody(maxData)
      case 'chunked-body':
        return this.#readChunkedBody(maxData)
      case 'end':
        this.#state = this.#switches ? 'switched' : 'idle'
        return END_WITHOUT_TRAILERS
      case 'switched':
        return this.#ended && this.#window.length === 0 ? END_OF_STREAM : NEED_MORE
      case 'failed':
        return this.#error as ResponseError
    }
  }

  #readHead(): ResponseEvent {
    if (this.#state === 'status-line') {
      const line = readStatusLine(this.#window)
      if (line === false) return this.#more()
      if (line instanceof Fault) return this.#fail(line, 'RFC 9112 §4')
      this.#line = line
      this.#state = 'fields'
    }
    const read = readFieldSection(this.#window, this.#fields, this.#limits, false)
    if (read === false) return this.#more()
    if (read !== true) return this.#fail(read, 'RFC 9112 §5')
    const event = this.#finishHead(this.#line as StatusLine, this.#fields)
    this.#line = null
    this.#fields.reset()
    return event
  }

  #finishHead(line: StatusLine, fields: FieldSection): ResponseEvent {
    const { status, reason, minorVersion } = line
    const headers = fields.list
    if (status < 200 && status !== 101) {
      this.#state = 'idle'
      return { type: 'interim', status, reason, minorVersion, headers }
    }
    const method = this.#methods.shift() as string
    const framed = readResponseFraming(fields, method, status, minorVersion, this.#limits.maxBodySize)
    if (framed instanceof Fault) return this.#fail(framed, 'RFC 9112 §6.3')
    const options = lowerCaseMembers(fields.connection)
    const upgrade = status === 101 ? members(fields.upgrade) : null
    if (upgrade !== null && (upgrade.length === 0 || !options.includes('upgrade'))) {
      const fault = new Fault(400, 'a 101 names its protocol in Upgrade, and Upgrade in Connection')
      return this.#fail(fault, 'RFC 9110 §7.8')
    }
    this.#switches = upgrade !== null || opensTunnel(method, status)
    this.#startBody(framed.framing, framed.bodyLength)
    const keepAlive =
      framed.framing !== 'close' &&
      !this.#switches &&
      !options.includes('close') &&
      (minorVersion === 1 || options.includes('keep-alive'))
    return { type: 'response', status, reason, minorVersion, headers, ...framed, keepAlive, upgrade }
  }

  #startBody(framing: ReceivedResponse['framing'], length: number): void {
    this.#bodySize = Math.max(0, length)
    if (length === 0) {
      this.#state = 'end'
    } else if (framing === 'chunked') {
      this.#state = 'chunked-body'
      this.#chunked = new ChunkedBody(this.#limits)
    } else {
      this.#state = framing === 'close' ? 'until-close' : 'counted-body'
    }
  }

  #readPlainBody(maxData: number): ResponseEvent {
    const window = this.#window
    const counted = this.#state === 'counted-body'
    if (window.length === 0) {
      if (counted || !this.#ended) return this.#more()
      this.#state = 'idle'
      return END_WITHOUT_TRAILERS
    }
    const most = counted ? this.#bodySize : this.#limits.maxBodySize - this.#bodySize
    if (most === 0) {
      return this.#fail(new Fault(413, `the body is larger than ${this.#limits.maxBodySize} bytes`), 'RFC 9112 §6.3')
    }
    const start = window.position
    const stop = Math.min(window.end, start + most, start + maxData)
    this.#bodySize += counted ? start - stop : stop - start
    if (counted && this.#bodySize === 0) this.#state = 'end'
    window.position = stop
    return { type: 'data', bytes: window.bytes.subarray(start, stop) }
  }

  #readChunkedBody(maxData: number): ResponseEvent {
    const chunked = this.#chunked as ChunkedBody
    const read = chunked.next(this.#window, maxData)
    if (read === false) return this.#more()
    if (read === true) {
      this.#state = 'idle'
      this.#chunked = null
      return chunked.trailers === null ? END_WITHOUT_TRAILERS : { type: 'end', trailers: chunked.trailers }
    }
    return read instanceof Fault ? this.#fail(read, 'RFC 9112 §7.1') : { type: 'data', bytes: read }
  }

  #more(): ResponseEvent {
    if (!this.#ended) return NEED_MORE
    const where = this.#state === 'counted-body' || this.#state === 'chunked-body' ? 'body' : 'head'
    return this.#fail(new Fault(400, `the connection ended within the ${where} of a response`), 'RFC 9112 §8', true)
  }

  #fail(fault: Fault, clause: string, incomplete = false): ResponseError {
    this.#state = 'failed'
    this.#error = { type: 'error', message: fault.message, clause, incomplete }
    return this.#error
  }
}
