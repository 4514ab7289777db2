/**
 * Requests, from bytes to events. Without I/O: whoever has a connection puts in what it received and takes out events,
 * one request at a time. It pulls: the next request is not looked at before somebody asks for it, so a pipeline keeps its
 * order and costs no more memory than the bytes that have come.
 *
 * The rules:
 * - the same bytes give the same events however they are cut, but for the cuts of `data`;
 * - an error is final: nothing after it is ever parsed, and `next` gives it again;
 * - what is ambiguous is refused, since the next hop may read it differently (RFC 9112 §11).
 */
import { isHost } from './authority.ts'
import { ByteWindow } from './byte-window.ts'
import { ChunkedBody } from './chunked-body.ts'
import { END_OF_STREAM, END_WITHOUT_TRAILERS, NEED_MORE, type ProtocolError, type RequestEvent } from './events.ts'
import { Fault } from './fault.ts'
import { FieldSection, readFieldSection } from './field-section.ts'
import { lowerCaseMembers, members } from './list-tokens.ts'
import { DEFAULT_PARSER_LIMITS, type ParserLimits } from './parser-limits.ts'
import { readBodyLength } from './request-framing.ts'
import { readRequestLine, RequestLine, skipEmptyLine } from './request-line.ts'
import { readTarget } from './request-target.ts'

type State = 'idle' | 'request-line' | 'fields' | 'counted-body' | 'chunked-body' | 'end' | 'failed'

export class RequestParser {
  readonly #window = new ByteWindow()
  readonly #limits: ParserLimits
  #state: State = 'idle'
  #ended = false
  #skippedEmptyLine = false
  #line: RequestLine | null = null
  #fields: FieldSection | null = null
  #bodyLeft = 0
  #chunked: ChunkedBody | null = null
  #error: ProtocolError | null = null

  constructor(limits: ParserLimits = DEFAULT_PARSER_LIMITS) {
    this.#limits = limits
  }

  /** Bytes of a counted body that were not yet given out; 0 when there is none, -1 while a chunked one goes on. */
  get bodyLeft(): number {
    return this.#state === 'counted-body' ? this.#bodyLeft : this.#state === 'chunked-body' ? -1 : 0
  }

  /** Bytes received and not yet parsed. */
  get buffered(): number {
    return this.#window.length
  }

  /** Between two requests: no byte of the next one was parsed, though some may be buffered. An empty line is none. */
  get idle(): boolean {
    return (
      this.#state === 'idle' || (this.#state === 'request-line' && this.#line === null && this.#window.length === 0)
    )
  }

  /** Adds what was received: the first `length` bytes. They are borrowed until {@link release}. */
  receive(bytes: Buffer, length: number = bytes.length): void {
    this.#window.append(bytes, length)
  }

  /** The peer sends nothing more. */
  receiveEnd(): void {
    this.#ended = true
  }

  /** Copies what is still unparsed, so that the memory that was received into may be used again. */
  release(): void {
    this.#window.own()
  }

  /** Takes what is unparsed, as bytes of the caller's own: after an upgrade they belong to another protocol. */
  takeRest(): Buffer {
    const { bytes, position, end } = this.#window
    const rest = Buffer.from(bytes.subarray(position, end))
    this.#window.position = end
    return rest
  }

  /** @param maxData most bytes that a `data` event may carry */
  next(maxData: number = Number.POSITIVE_INFINITY): RequestEvent {
    switch (this.#state) {
      case 'idle':
        if (this.#window.length === 0) return this.#ended ? END_OF_STREAM : NEED_MORE
        this.#state = 'request-line'
        return this.#readHead()
      case 'request-line':
      case 'fields':
        return this.#readHead()
      case 'counted-body':
        return this.#readCountedBody(maxData)
      case 'chunked-body':
        return this.#readChunkedBody(maxData)
      case 'end':
        this.#state = 'idle'
        return END_WITHOUT_TRAILERS
      case 'failed':
        return this.#error as ProtocolError
    }
  }

  #readHead(): RequestEvent {
    const window = this.#window
    if (this.#state === 'request-line') {
      if (this.#line === null && !this.#skippedEmptyLine) {
        const skipped = skipEmptyLine(window)
        if (skipped === null) return this.#more()
        this.#skippedEmptyLine = skipped
      }
      // An empty line alone is no request: the connection is as idle as before, but for the one line it may send.
      if (window.length === 0 && this.#line === null && this.#skippedEmptyLine) {
        return this.#ended ? END_OF_STREAM : NEED_MORE
      }
      this.#line ??= takeLine()
      const read = readRequestLine(window, this.#line, this.#limits.maxTargetSize)
      if (read === false) return this.#more()
      if (read !== true) return this.#fail(read)
      this.#state = 'fields'
    }
    this.#fields ??= takeFields()
    const read = readFieldSection(window, this.#fields, this.#limits, false)
    if (read === false) return this.#more()
    if (read !== true) return this.#fail(read)
    return this.#finishHead(this.#line as RequestLine, this.#fields)
  }

  #finishHead(line: RequestLine, fields: FieldSection): RequestEvent {
    const method = line.method as string
    const { minorVersion } = line
    const target = readTarget(method, line.target as string)
    if (target instanceof Fault) return this.#fail(target)

    if (fields.hosts > 1) return this.#fail(new Fault(400, 'there is more than one Host'))
    if (fields.hosts === 0 && minorVersion === 1) return this.#fail(new Fault(400, 'HTTP/1.1 needs a Host field'))
    if (fields.hosts === 1 && !isHost(fields.host)) return this.#fail(new Fault(400, 'Host is not host[:port]'))
    const host = target.authority ?? fields.host
    if (target.authority !== null) replaceHost(fields.list, target.authority)

    const bodyLength = readBodyLength(fields, minorVersion, this.#limits.maxBodySize)
    if (bodyLength instanceof Fault) return this.#fail(bodyLength)

    let expectContinue = false
    if (fields.expect !== '' && minorVersion === 1) {
      if (fields.expect.toLowerCase() !== '100-continue') {
        return this.#fail(new Fault(417, 'the only expectation served is 100-continue'))
      }
      expectContinue = bodyLength !== 0
    }

    let keepAlive = minorVersion === 1
    let upgrade: readonly string[] | null = null
    if (fields.connection !== '') {
      const options = lowerCaseMembers(fields.connection)
      keepAlive = !options.includes('close') && (minorVersion === 1 || options.includes('keep-alive'))
      // 9110 §7.8: an Upgrade without the connection option is not for this hop; HTTP/1.0 has none.
      if (minorVersion === 1 && fields.upgrade !== '' && options.includes('upgrade')) upgrade = members(fields.upgrade)
    }

    this.#line = null
    this.#fields = null
    this.#skippedEmptyLine = false
    this.#startBody(bodyLength)
    const headers = fields.list
    giveBack(line, fields)
    return {
      type: 'request',
      method,
      path: target.path,
      query: target.query,
      minorVersion,
      headers,
      host,
      bodyLength,
      keepAlive,
      expectContinue,
      upgrade,
    }
  }

  #startBody(length: number): void {
    if (length === 0) {
      this.#state = 'end'
    } else if (length > 0) {
      this.#state = 'counted-body'
      this.#bodyLeft = length
    } else {
      this.#state = 'chunked-body'
      this.#chunked = new ChunkedBody(this.#limits)
    }
  }

  #readCountedBody(maxData: number): RequestEvent {
    const window = this.#window
    if (window.length === 0) return this.#more()
    const start = window.position
    const stop = Math.min(window.end, start + this.#bodyLeft, start + maxData)
    this.#bodyLeft -= stop - start
    window.position = stop
    if (this.#bodyLeft === 0) this.#state = 'end'
    return { type: 'data', bytes: window.bytes.subarray(start, stop) }
  }

  #readChunkedBody(maxData: number): RequestEvent {
    const chunked = this.#chunked as ChunkedBody
    const read = chunked.next(this.#window, maxData)
    if (read === false) return this.#more()
    if (read === true) {
      this.#state = 'idle'
      this.#chunked = null
      return chunked.trailers === null ? END_WITHOUT_TRAILERS : { type: 'end', trailers: chunked.trailers }
    }
    return read instanceof Fault ? this.#fail(read) : { type: 'data', bytes: read }
  }

  #more(): RequestEvent {
    if (!this.#ended) return NEED_MORE
    const where = this.#state === 'counted-body' || this.#state === 'chunked-body' ? 'body' : 'head'
    return this.#fail(new Fault(400, `the request ended within its ${where}`), true)
  }

  #fail(fault: Fault, incomplete = false): ProtocolError {
    this.#state = 'failed'
    this.#error = {
      type: 'error',
      status: fault.status,
      message: fault.message,
      incomplete,
      method: this.#line?.method ?? null,
      target: this.#line?.target ?? null,
    }
    return this.#error
  }
}

// A head that comes in one piece, as nearly all do, is read with one set of working objects for the whole process.
let spareLine: RequestLine | null = new RequestLine()
let spareFields: FieldSection | null = new FieldSection()

function takeLine(): RequestLine {
  const line = spareLine ?? new RequestLine()
  spareLine = null
  return line
}

function takeFields(): FieldSection {
  const fields = spareFields ?? new FieldSection()
  spareFields = null
  return fields
}

function giveBack(line: RequestLine, fields: FieldSection): void {
  line.reset()
  fields.reset()
  spareLine = line
  spareFields = fields
}

/** 9112 §3.2.2: the authority of an absolute-form target stands for Host, whatever Host said. */
function replaceHost(list: string[], authority: string): void {
  for (let i = 0; i < list.length; i += 2) {
    if (list[i] === 'host') {
      list[i + 1] = authority
      return
    }
  }
  list.unshift('host', authority)
}
