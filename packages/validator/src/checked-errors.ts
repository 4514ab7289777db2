import type { Awaitable, ErrorStream } from '@tsgi/spec'
import { describe } from './describe.ts'
import type { ObservedExchange } from './observed-exchange.ts'

/** The log as the application gets it (E.12). */
export class CheckedErrors implements ErrorStream {
  readonly #exchange: ObservedExchange
  readonly #errors: ErrorStream

  constructor(exchange: ObservedExchange, errors: ErrorStream) {
    this.#exchange = exchange
    this.#errors = errors
  }

  write(text: string): void {
    if (typeof text !== 'string') this.#exchange.fault('TSGI_V_ERRORS_TEXT', `errors.write was given ${describe(text)}`)
    this.#errors.write(text)
  }

  flush(): Awaitable<void> {
    return this.#errors.flush()
  }
}
