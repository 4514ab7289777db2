/**
 * Requests of the uwsgi protocol, from bytes to events, without I/O. A request is a packet of variables and then the body,
 * as long as `CONTENT_LENGTH` says; a connection carries one. Responses are those of HTTP/1.0.
 *
 *     modifier1 (0) · size of the variables, 2 bytes, the least first · modifier2 (0)
 *     then for each variable: size · name · size · value, sizes of 2 bytes
 */
import { END, END_OF_STREAM, NEED_MORE, type UwsgiEvent } from './events.ts'
import { DEFAULT_GATEWAY_LIMITS, type GatewayLimits } from './limits.ts'
import { ReceivedBytes } from './received-bytes.ts'
import { readRequest } from './request.ts'
import { whatCame } from './what-came.ts'

const HEAD = 4
const NOTHING_TO_TAKE: Buffer = Buffer.alloc(0)

type State = 'head' | 'body' | 'end' | 'over' | 'failed'

export class UwsgiParser {
  readonly #received = new ReceivedBytes()
  readonly #limits: GatewayLimits
  #state: State = 'head'
  #ended = false
  #bodyLeft = 0
  #failure: UwsgiEvent | null = null

  constructor(limits: GatewayLimits = DEFAULT_GATEWAY_LIMITS) {
    this.#limits = limits
  }

  /** Bytes of the body that were not yet given out. */
  get bodyLeft(): number {
    return this.#state === 'body' ? this.#bodyLeft : 0
  }

  /** Bytes received and not yet parsed. */
  get buffered(): number {
    return this.#received.length
  }

  /** No byte of a request was received. */
  get idle(): boolean {
    return this.#state === 'over' || (this.#state === 'head' && this.#received.length === 0)
  }

  /** Adds what was received: the first `length` bytes. They are borrowed until {@link release}. */
  receive(bytes: Buffer, length: number = bytes.length): void {
    // After its one request a connection brings nothing that anybody reads.
    if (this.#state !== 'over' && this.#state !== 'failed') this.#received.append(bytes, length)
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

  /** @param maxData most bytes that a `data` event may carry */
  next(maxData: number = Number.POSITIVE_INFINITY): UwsgiEvent {
    switch (this.#state) {
      case 'head':
        return this.#readHead()
      case 'body':
        return this.#readBody(maxData)
      case 'end':
        this.#state = 'over'
        this.#received.position = this.#received.end
        return END
      case 'over':
        return this.#ended ? END_OF_STREAM : NEED_MORE
      case 'failed':
        return this.#failure as UwsgiEvent
    }
  }

  #readHead(): UwsgiEvent {
    const { bytes, position, length } = this.#received
    if (length === 0) return this.#ended ? END_OF_STREAM : NEED_MORE
    const wrong = bytes[position] !== 0 || (length >= HEAD && bytes[position + 3] !== 0)
    // Its first bytes tell what it is instead.
    if (wrong && (length >= 8 || this.#ended)) {
      return this.#break(
        `expected a uwsgi packet with modifiers 0 and 0, got ${whatCame(bytes.subarray(position, position + length))}`,
      )
    }
    if (wrong || length < HEAD) return this.#more()
    const size = bytes.readUInt16LE(position + 1)
    if (length < HEAD + size) return this.#more()
    this.#received.position += HEAD
    const variables = readVariables(this.#received.take(size))
    if (typeof variables === 'string') return this.#break(variables)
    const request = readRequest(variables, this.#limits, false, false)
    if (request.type === 'error') return this.#fail(request)
    this.#bodyLeft = request.bodyLength
    this.#state = request.bodyLength === 0 ? 'end' : 'body'
    return request
  }

  #readBody(maxData: number): UwsgiEvent {
    if (this.#received.length === 0) return this.#more()
    const bytes = this.#received.take(Math.min(this.#bodyLeft, maxData))
    this.#bodyLeft -= bytes.length
    if (this.#bodyLeft === 0) this.#state = 'end'
    return { type: 'data', bytes }
  }

  #more(): UwsgiEvent {
    if (!this.#ended) return NEED_MORE
    if (this.#state === 'head') return this.#break('the gateway left within the variables of a request')
    const message = 'the request ended within its body'
    return this.#fail({ type: 'error', status: 400, message, incomplete: true, method: null, target: null })
  }

  #break(message: string): UwsgiEvent {
    return this.#fail({ type: 'broken', message })
  }

  #fail(event: UwsgiEvent): UwsgiEvent {
    this.#state = 'failed'
    this.#received.position = this.#received.end
    this.#failure = event
    return event
  }
}

/** @returns flat list of names and values; a text where a size lies */
function readVariables(bytes: Buffer): string[] | string {
  const text = bytes.toString('latin1')
  const variables: string[] = []
  let at = 0
  while (at < bytes.length) {
    const what = variables.length % 2 === 0 ? 'a name' : 'a value'
    if (at + 2 > bytes.length) return `expected ${what} with its size of 2 bytes, got the end of the uwsgi packet`
    const size = (bytes[at] as number) | ((bytes[at + 1] as number) << 8)
    at += 2
    if (at + size > bytes.length)
      return `expected ${what} of ${size} bytes in the uwsgi packet, got ${bytes.length - at}`
    variables.push(text.slice(at, at + size))
    at += size
  }
  return variables.length % 2 === 0
    ? variables
    : 'expected a value for each name of the uwsgi packet, got none for the last'
}

/**
 * Writes what a gateway sends: the packet of a request, without its body.
 *
 * @param variables flat list of names and values, one character per byte
 * @throws RangeError where they are longer than the protocol's 65,535 bytes
 */
export function writeUwsgiPacket(variables: readonly string[]): Buffer {
  const size = variables.reduce((sum, text) => sum + 2 + text.length, 0)
  if (size > 0xff_ff) throw new RangeError(`expected variables of at most 65535 bytes, got ${size}`)
  const packet = Buffer.alloc(HEAD + size)
  packet.writeUInt16LE(size, 1)
  let at = HEAD
  for (const text of variables) {
    at = packet.writeUInt16LE(text.length, at)
    at += packet.write(text, at, 'latin1')
  }
  return packet
}
