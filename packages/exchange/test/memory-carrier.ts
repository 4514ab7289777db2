/** A carrier that keeps what it is given: the smallest host there can be. */
import {
  type Carrier,
  type CheckedFields,
  checkTrailers,
  ClientGoneError,
  Exchange,
  type ExchangeRequest,
  fieldPreparer,
  makeContext,
  type Services,
  UNKNOWN_LENGTH,
  withContentLength,
} from '@tsgi/exchange'
import type { Application, Chunk, Environ, HeaderList, UpgradeHandler } from '@tsgi/spec'

const prepare = fieldPreparer((fields) => fields)

/** What happened, in order: `head 200`, `chunk`, `end`, … */
export class MemoryCarrier implements Carrier<CheckedFields, ExchangeRequest> {
  readonly events: string[] = []
  readonly logged: { readonly message: string; readonly error: unknown }[] = []
  readonly developmentPage = null
  blocked = false
  /** Of the host: `null` where it is not notified of its end. */
  draining: boolean | null = false
  status = 0
  fields: HeaderList = []
  trailers: HeaderList | null = null
  readonly #chunks: Chunk[] = []
  run: UpgradeHandler | null = null

  get text(): string {
    return this.#chunks.map((chunk) => (typeof chunk === 'string' ? chunk : new TextDecoder().decode(chunk))).join('')
  }

  readonly log = (_level: string, message: string, fields?: { readonly [name: string]: unknown }): void =>
    void this.logged.push({ message, error: fields?.['error'] })

  prepare(headers: HeaderList, status: number): CheckedFields {
    return prepare(headers, status)
  }

  prepareTrailers(trailers: HeaderList): CheckedFields {
    return checkTrailers(trailers)
  }

  watch(): void {
    this.events.push('watch')
  }

  watchDraining(): boolean | null {
    return this.draining
  }

  interim(fields: CheckedFields): void {
    this.events.push(`103 ${fields.list.join(' ')}`)
  }

  whole(exchange: Exchange<CheckedFields>, length: number, content: Chunk | readonly Chunk[]): void {
    this.#head(exchange, length, 'whole')
    const chunks = typeof content === 'string' || content instanceof Uint8Array ? [content] : content
    if (exchange.takesBody) this.#chunks.push(...chunks)
    exchange.finished()
  }

  head(exchange: Exchange<CheckedFields>): void {
    this.#head(exchange, UNKNOWN_LENGTH, 'head')
  }

  #head(exchange: Exchange<CheckedFields>, length: number, how: string): void {
    this.status = exchange.status
    this.fields = withContentLength(exchange.fields as CheckedFields, exchange.contentLength(length))
    this.events.push(`${how} ${this.status}`)
  }

  chunk(chunk: Chunk): void {
    this.events.push('chunk')
    this.#chunks.push(chunk)
  }

  end(exchange: Exchange<CheckedFields>, trailers: CheckedFields | null): void {
    this.events.push('end')
    this.trailers = trailers?.list ?? null
    exchange.finished()
  }

  breakOff(exchange: Exchange<CheckedFields>): void {
    this.events.push('break off')
    exchange.finished()
  }

  giveUp(exchange: Exchange<CheckedFields>, why: ClientGoneError): void {
    this.events.push('give up')
    exchange.abandon(why)
    exchange.finished()
  }

  upgrade(_exchange: Exchange<CheckedFields>, protocol: string, fields: CheckedFields, run: UpgradeHandler): void {
    this.events.push(`upgrade ${protocol} ${fields.list.join(' ')}`)
    this.run = run
  }

  flush(): void {
    this.events.push('flush')
  }

  flushSoon(): void {}
  trackCall(): void {}
  trackClosing(): void {}
}

/** Runs one request. `leave` is the client's departure. */
export function carried(
  application: Application,
  { method = 'GET', services = 'full' as Services, accept = '', upgrade = null as readonly string[] | null } = {},
): { readonly carrier: MemoryCarrier; readonly exchange: Exchange<CheckedFields>; leave(): void } {
  const carrier = new MemoryCarrier()
  const exchange = new Exchange<CheckedFields>(carrier, { method, path: '/page', headers: ['accept', accept], upgrade })
  const server = makeContext('memory', exchange, services)
  exchange.run(application, { requestMethod: method, pathInfo: '/page', server } as Environ)
  return {
    carrier,
    exchange,
    leave() {
      exchange.abandon(new ClientGoneError('the client left'))
      exchange.finished()
    },
  }
}
