/** `environ.server` (SPEC U): one class for each set of services, so that an absent one is absent. */
import type { HeaderList, ServerContext, UpgradeHandler } from '@tsgi/spec'
import type { Exchange } from './exchange.ts'

type AnyExchange = Pick<Exchange, 'signal' | 'draining' | 'onFinish' | 'flush' | 'earlyHints' | 'trailers' | 'upgrade'>

/** What is possible everywhere. */
class BasicContext implements ServerContext {
  readonly name: string
  // Not enumerable: applications print their environ.
  readonly #exchange: AnyExchange

  constructor(name: string, exchange: AnyExchange) {
    this.name = name
    this.#exchange = exchange
  }

  get signal(): AbortSignal {
    return this.#exchange.signal
  }

  get draining(): AbortSignal | undefined {
    return this.#exchange.draining
  }

  onFinish(listener: (error?: unknown) => void): void {
    this.#exchange.onFinish(listener)
  }

  flush(): void {
    this.#exchange.flush()
  }

  protected get exchange(): AnyExchange {
    return this.#exchange
  }
}

class FullContext extends BasicContext {
  earlyHints(headers: HeaderList): void {
    this.exchange.earlyHints(headers)
  }

  trailers(produce: () => HeaderList): void {
    this.exchange.trailers(produce)
  }
}

class UpgradeContext extends FullContext {
  upgrade(protocol: string, headers: HeaderList, run: UpgradeHandler): null {
    return this.exchange.upgrade(protocol, headers, run)
  }
}

/**
 * - `basic`: no interim responses and no trailers, as with HTTP/1.0 and where the host has no way to send them
 * - `full`: both
 * - `upgrade`: and the client asked for another protocol, which the carrier can change to
 */
export type Services = 'basic' | 'full' | 'upgrade'

export function makeContext(name: string, exchange: AnyExchange, services: Services): ServerContext {
  switch (services) {
    case 'basic':
      return new BasicContext(name, exchange)
    case 'full':
      return new FullContext(name, exchange)
    case 'upgrade':
      return new UpgradeContext(name, exchange)
  }
}
