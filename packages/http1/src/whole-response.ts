/** Whole responses, with their bodies in memory: for clients whose responses are small, such as those of tests. */
import { Buffer } from 'node:buffer'
import type { MessageLimits } from './parser-limits.ts'
import type { InterimResponse, ReceivedResponse } from './response-events.ts'
import { ResponseParser } from './response-parser.ts'

export interface WholeResponse extends ReceivedResponse {
  /** 1xx responses that came before. */
  readonly interim: readonly InterimResponse[]
  readonly body: Buffer
  /** Flat like `headers`; `null` when there were none. */
  readonly trailers: readonly string[] | null
}

/** A response that breaks a rule, or whose connection ended within it. */
export class ResponseFormatError extends Error {
  override name = 'ResponseFormatError'
  readonly code = 'TSGI_ERR_RESPONSE_FORMAT'
  /** The rule, such as `RFC 9112 §6.3`. */
  readonly clause: string
  /** The connection ended before the response did. */
  readonly incomplete: boolean
  constructor(message: string, clause: string, incomplete: boolean) {
    super(message)
    this.clause = clause
    this.incomplete = incomplete
  }
}

/** Gathers what a {@link ResponseParser} reports. */
export class ResponseReader {
  readonly parser: ResponseParser
  #interim: InterimResponse[] = []
  #head: ReceivedResponse | null = null
  #body: Buffer[] = []
  #bodyReceived = 0

  constructor(limits?: MessageLimits) {
    this.parser = new ResponseParser(limits)
  }

  /** A request was sent. */
  expect(method: string): void {
    this.parser.expect(method)
  }

  /** Adds bytes; they are the caller's again when {@link next} has returned `null`. */
  receive(bytes: Buffer): void {
    this.parser.receive(bytes)
  }

  /** The server sends nothing more. */
  receiveEnd(): void {
    this.parser.receiveEnd()
  }

  /** Interim responses that arrived since the last final one. */
  get interim(): readonly InterimResponse[] {
    return this.#interim
  }

  /** Of a response that is not whole yet; `null` before the end of its head. */
  get head(): ReceivedResponse | null {
    return this.#head
  }

  /** Bytes of its body so far. */
  get bodyReceived(): number {
    return this.#bodyReceived
  }

  /** What arrived of a response that is not whole yet; `null` before the end of its head. */
  get partial(): WholeResponse | null {
    return this.#head === null ? null : this.#joined(this.#head, null)
  }

  /**
   * The next whole response; `null` until more bytes arrive, and at the end of the connection between two responses.
   *
   * @throws ResponseFormatError
   */
  next(): WholeResponse | null {
    for (;;) {
      const event = this.parser.next()
      switch (event.type) {
        case 'interim':
          this.#interim.push(event)
          break
        case 'response':
          this.#head = event
          break
        case 'data':
          this.#body.push(Buffer.from(event.bytes))
          this.#bodyReceived += event.bytes.length
          break
        case 'end': {
          const whole = this.#joined(this.#head as ReceivedResponse, event.trailers)
          this.#interim = []
          this.#head = null
          this.#body = []
          this.#bodyReceived = 0
          return whole
        }
        case 'need-more':
        case 'eof':
          this.parser.release()
          return null
        case 'error':
          throw new ResponseFormatError(event.message, event.clause, event.incomplete)
      }
    }
  }

  #joined(head: ReceivedResponse, trailers: readonly string[] | null): WholeResponse {
    return { ...head, interim: this.#interim, body: Buffer.concat(this.#body), trailers }
  }
}
