import { headers, type HeaderList, type ServerContext, type UpgradeHandler } from '@tsgi/spec'
import { describe } from './describe.ts'
import { checkFields, checkTrailers } from './fields.ts'
import type { ObservedExchange } from './observed-exchange.ts'

/**
 * The server's services as the application gets them (U.1 to U.8). Members are made when asked for, so that they know the
 * context they were taken from; the optional ones, which must be absent where the server's are, with the context.
 */
export class CheckedContext implements ServerContext {
  readonly #exchange: ObservedExchange
  readonly #server: ServerContext
  #watchesSignal = false
  #draining: AbortSignal | null | undefined = null
  // Declared only: a field would be there even where it is not offered.
  declare earlyHints?: NonNullable<ServerContext['earlyHints']>
  declare trailers?: NonNullable<ServerContext['trailers']>
  declare upgrade?: NonNullable<ServerContext['upgrade']>

  constructor(exchange: ObservedExchange, server: ServerContext) {
    this.#exchange = exchange
    this.#server = server
    if (server.earlyHints !== undefined) {
      this.earlyHints = member(this, 'earlyHints', (headers: HeaderList) => this.#hint(headers))
    }
    if (server.trailers !== undefined) {
      this.trailers = member(this, 'trailers', (produce: () => HeaderList) => this.#trail(produce))
    }
    if (server.upgrade !== undefined) {
      this.upgrade = member(this, 'upgrade', (protocol: string, headers: HeaderList, run: UpgradeHandler) =>
        this.#upgrade(protocol, headers, run),
      )
    }
  }

  get name(): string {
    return this.#server.name
  }

  get signal(): AbortSignal {
    const { signal } = this.#server
    if (!this.#watchesSignal) {
      this.#watchesSignal = true
      signal.addEventListener('abort', () => this.#checkAbort())
    }
    return signal
  }

  get draining(): AbortSignal | undefined {
    const { draining } = this.#server
    const before = this.#draining
    this.#draining = draining
    if (draining !== undefined && !(draining instanceof AbortSignal)) {
      this.#exchange.fault('TSGI_V_DRAINING', `draining was ${describe(draining)}`)
    } else if (before !== null && before !== draining) {
      this.#exchange.fault('TSGI_V_DRAINING', 'draining was another one when it was asked for again')
    }
    return draining
  }

  get onFinish(): ServerContext['onFinish'] {
    return member(this, 'onFinish', (fn: (error?: unknown) => void) => this.#onFinish(fn))
  }

  get flush(): ServerContext['flush'] {
    return member(this, 'flush', () => {
      this.#exchange.flushed()
      this.#server.flush()
    })
  }

  detached(name: string): void {
    this.#exchange.fault('TSGI_V_CONTEXT_DETACHED', `${name} was called without the context it belongs to`)
  }

  #checkAbort(): void {
    const { validation, environ, finished, failed } = this.#exchange
    if (!finished || failed) return
    validation.faultAside('TSGI_V_SIGNAL_AFTER_FINISH', 'signal was aborted after the response was complete', environ)
  }

  #onFinish(fn: (error?: unknown) => void): void {
    const exchange = this.#exchange
    this.#server.onFinish((...error) => {
      try {
        fn(...error)
      } catch (thrown) {
        exchange.faultThrown('TSGI_V_FINISH_THREW', 'A finish listener', thrown)
        throw thrown
      }
    })
  }

  #hint(headers: HeaderList): void {
    const exchange = this.#exchange
    checkFields(headers, 103, {
      fault: (_, done) => exchange.fault('TSGI_V_HINTS_FIELDS', `Of the early hints: ${done}`),
    })
    this.#server.earlyHints?.(headers)
  }

  #trail(produce: () => HeaderList): void {
    const exchange = this.#exchange
    if (exchange.finished || (exchange.headSent && exchange.declaredLength >= 0)) {
      exchange.fault('TSGI_V_TRAILERS_LATE', 'Trailers were registered when they could not be sent any more')
    }
    this.#server.trailers?.(() => {
      const fields = produce()
      checkTrailers(fields, { fault: (code, done) => exchange.faultLater(code, done) })
      return fields
    })
  }

  #upgrade(protocol: string, fields: HeaderList, run: UpgradeHandler): null {
    const exchange = this.#exchange
    if (exchange.started) exchange.fault('TSGI_V_UPGRADE_RESULT', 'upgrade was called after startResponse')
    const asked = headers(exchange.environ, 'upgrade').flatMap((value) => value.split(',').map((name) => name.trim()))
    if (!asked.some((name) => name.toLowerCase() === String(protocol).toLowerCase())) {
      const done = `upgrade was called with ${describe(protocol)}, and asked for was ${asked.join(', ')}`
      exchange.fault('TSGI_V_UPGRADE_PROTOCOL', done)
    }
    checkFields(fields, 101, { fault: (_, done) => exchange.fault('TSGI_V_UPGRADE_FIELDS', `Of the upgrade: ${done}`) })
    const result = this.#server.upgrade?.(protocol, fields, run) ?? null
    exchange.upgraded = true
    return result
  }
}

/** A member that knows the context it was taken from. */
function member<Args extends unknown[], Result>(
  context: CheckedContext,
  name: string,
  act: (...args: Args) => Result,
): (this: unknown, ...args: Args) => Result {
  return function (...args) {
    if (this !== context) context.detached(name)
    return act(...args)
  }
}
