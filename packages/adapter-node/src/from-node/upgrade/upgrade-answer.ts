/**
 * What an application writes to the connection of an upgrade, by hand or by a `ServerResponse` of its own, read as the
 * response that it is: a 101 becomes `environ.server.upgrade`, any other status the response to the request.
 */
import { STATUS_CODES, type Server } from 'node:http'
import { ResponseParser, members, type ReceivedResponse } from '@tsgi/http1'
import type { Body, BodyWriter, Environ, HeaderList, StartResponse } from '@tsgi/spec'
import { askedFor } from './asked-for.ts'
import { UpgradeSocket } from './upgrade-socket.ts'

const LIMITS = { maxHeaderSize: 64 * 1024, maxHeaders: 1000, maxBodySize: Number.MAX_SAFE_INTEGER }

/** Fields that say something of a connection: they are the server's. */
const OF_CONNECTION = new Set(['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding'])

/** Bytes of a refusal that are taken before the server asks for them: what destroys the connection behind a short one loses nothing. */
const MOST_WAITING = 64 * 1024

/** Characters of a refusal's body that the log has. */
const SHOWN = 200

export class UpgradeAnswer {
  readonly #environ: Environ
  readonly #startResponse: StartResponse
  readonly #parser = new ResponseParser(LIMITS)
  readonly #answer = Promise.withResolvers<Body>()
  readonly socket: UpgradeSocket
  /** Of a response that is no 101: where its body goes, once the server takes it. */
  readonly #body = Promise.withResolvers<BodyWriter>()
  readonly #bodyOver = Promise.withResolvers<void>()
  /** The connection is the other protocol's, once `run` was called. */
  readonly #switched = Promise.withResolvers<void>()
  #state: 'head' | 'switched' | 'body' | 'over' = 'head'
  /** {@link body} is settled. */
  #answered = false
  /** The response ends where the connection does. */
  #untilEnd = false
  /** Settles when the server has taken all that was written of a body. */
  #passing: Promise<void> | null = null
  #reason = ''

  constructor(environ: Environ, startResponse: StartResponse, server: Server) {
    this.#environ = environ
    this.#startResponse = startResponse
    this.#parser.expect(environ.requestMethod)
    this.socket = new UpgradeSocket(environ, server, this)
    for (const { promise } of [this.#bodyOver, this.#switched]) promise.catch(() => {})
  }

  /** What the application of TSGI returns. */
  get body(): Promise<Body> {
    return this.#answer.promise
  }

  /** The listener threw, or what it wrote is no response. */
  failed(error: unknown): void {
    if (!this.#answered) {
      this.#state = 'over'
      this.#answered = true
      this.#answer.reject(error)
    } else if (this.#state === 'body' && this.#untilEnd) {
      // Nothing else would say that it is cut off.
      this.#state = 'over'
      this.#bodyOver.reject(error)
    } else {
      const text = error instanceof Error ? (error.stack ?? String(error)) : String(error)
      this.#environ.errors.write(`${this.#target}: the 'upgrade' listener failed after it had answered: ${text}\n`)
    }
    this.socket.destroy()
  }

  /** The exchange has ended. */
  finished(): void {
    this.#answerWith(null)
    this.#state = 'over'
    this.socket.depart()
  }

  write(bytes: Buffer): void | Promise<void> {
    if (this.#state === 'over') return undefined
    if (this.#state === 'switched') return this.#switched.promise
    this.#parser.receive(bytes)
    if (this.#state === 'body') return this.#passBody()
    const head = this.#readHead()
    if (head === null) return undefined
    return head.status === 101 ? this.#switch(head) : this.#respond(head)
  }

  end(): void {
    if (this.#state === 'body') {
      this.#parser.receiveEnd()
      this.#passBody()
    } else if (this.#state === 'head') {
      this.#refuseSilently()
    }
  }

  #readHead(): ReceivedResponse | null {
    for (;;) {
      const event = this.#parser.next()
      switch (event.type) {
        case 'response':
          return event
        case 'interim':
          if (event.status === 103) this.#environ.server.earlyHints?.(event.headers)
          break
        case 'error':
          this.failed(new Error(`expected an HTTP response to the upgrade of ${this.#target}: ${event.message}`))
          return null
        default:
          this.#parser.release()
          return null
      }
    }
  }

  #switch({ upgrade, headers }: ReceivedResponse): Promise<void> {
    this.#state = 'switched'
    // The end of the response: what follows it is the other protocol's.
    this.#parser.next()
    const rest = this.#parser.takeRest()
    const [accepted = ''] = upgrade ?? []
    const offered = members(askedFor(this.#environ))
    const protocol = offered.find((name) => name.toLowerCase() === accepted.toLowerCase()) ?? accepted
    try {
      const { server } = this.#environ
      const fields = headers.filter((_, i) => !isOf(headers, i, UPGRADE_FIELDS))
      const result = server.upgrade?.(protocol, fields, (input, out) => {
        const over = this.socket.connect(input, out)
        if (rest.length > 0) void out.write(rest)
        this.#switched.resolve()
        return over
      })
      this.#answerWith(result ?? null)
    } catch (error) {
      this.failed(error)
    }
    return this.#switched.promise
  }

  #respond({ status, reason, headers, framing }: ReceivedResponse): Promise<void> | void {
    this.#state = 'body'
    this.#untilEnd = framing === 'close'
    this.#reason = `${status} ${reason || (STATUS_CODES[status] ?? '')}`.trim()
    const fields = headers.filter((_, i) => !isOf(headers, i, status === 426 ? OF_CONNECTION : UPGRADE_FIELDS))
    try {
      this.#startResponse(status, [...fields, 'connection', 'close'])
    } catch (error) {
      this.failed(error)
      return undefined
    }
    if (framing === 'none') {
      this.#refused('')
      this.#state = 'over'
      this.#answerWith(null)
      return undefined
    }
    this.#answerWith((out: BodyWriter) => {
      this.#body.resolve(out)
      return this.#bodyOver.promise
    })
    return this.#passBody()
  }

  #answerWith(body: Body | Promise<Body>): void {
    this.#answered = true
    this.#answer.resolve(body)
  }

  /** @returns a promise where much waits for the server */
  #passBody(): Promise<void> | void {
    const passing = (this.#passing ??= this.#pass().catch((error: unknown) => {
      this.#state = 'over'
      this.#bodyOver.reject(error)
      this.socket.depart()
    }))
    this.#parser.release()
    return this.#parser.buffered > MOST_WAITING ? passing : undefined
  }

  async #pass(): Promise<void> {
    const out = await this.#body.promise
    for (;;) {
      const event = this.#parser.next()
      switch (event.type) {
        case 'data': {
          const bytes = Buffer.from(event.bytes)
          this.#refused(bytes.toString('utf8', 0, SHOWN))
          await out.write(bytes)
          break
        }
        case 'need-more':
          this.#parser.release()
          this.#passing = null
          return
        case 'error':
          this.#bodyOver.reject(new Error(`the response to the upgrade of ${this.#target} is broken: ${event.message}`))
          this.#state = 'over'
          return
        default:
          this.#refused('')
          this.#state = 'over'
          this.#bodyOver.resolve()
          return
      }
    }
  }

  /** Ended or destroyed before a whole head was written: Node would close the connection, which no application here can. */
  #refuseSilently(): void {
    this.#state = 'over'
    this.#reason = 'the application closed the connection without a response'
    this.#refused('')
    this.#startResponse(400, ['content-length', '0', 'connection', 'close'])
    this.#answerWith(null)
  }

  /** Logs the refusal, once. */
  #refused(text: string): void {
    if (this.#reason === '') return
    const detail = text.trim()
    this.#environ.errors.write(
      `${this.#target}: the upgrade was refused: ${this.#reason}${detail === '' ? '' : ` (${JSON.stringify(detail)})`}\n`,
    )
    this.#reason = ''
  }

  get #target(): string {
    const { requestMethod, scriptName, pathInfo } = this.#environ
    return `${requestMethod} ${scriptName}${pathInfo} to ${askedFor(this.#environ)}`
  }
}

const UPGRADE_FIELDS = new Set([...OF_CONNECTION, 'upgrade'])

/** Whether the name or value at `i` of a flat list is of a field in `names`. */
const isOf = (list: HeaderList, i: number, names: ReadonlySet<string>): boolean =>
  names.has(list[i - (i % 2)] as string)
