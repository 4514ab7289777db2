/** `environ.server`: the services of the server, one class for each set of what is possible. */
import type { HeaderList, ServerContext, UpgradeHandler } from '@tsgi/spec'
import type { Exchange } from './exchange.ts'

/** To an HTTP/1.0 client: no 1xx and no chunks. */
class BasicContext implements ServerContext {
  readonly name: string
  // Not enumerable, and nobody else's: a context is looked at by applications.
  readonly #exchange: Exchange

  constructor(name: string, exchange: Exchange) {
    this.name = name
    this.#exchange = exchange
  }

  get signal(): AbortSignal {
    return this.#exchange.signal
  }

  onFinish(listener: (error?: unknown) => void): void {
    this.#exchange.onFinish(listener)
  }

  flush(): void {
    this.#exchange.flush()
  }

  protected get exchange(): Exchange {
    return this.#exchange
  }
}

class Context extends BasicContext {
  earlyHints(headers: HeaderList): void {
    this.exchange.earlyHints(headers)
  }

  trailers(produce: () => HeaderList): void {
    this.exchange.trailers(produce)
  }
}

class UpgradeContext extends Context {
  upgrade(protocol: string, headers: HeaderList, run: UpgradeHandler): null {
    return this.exchange.upgrade(protocol, headers, run)
  }
}

export function makeContext(name: string, exchange: Exchange): ServerContext {
  const { minorVersion, upgrade, bodyLength } = exchange.request
  if (minorVersion === 0) return new BasicContext(name, exchange)
  // 9110 §7.8: the request must have been read whole before another protocol begins.
  if (upgrade !== null && bodyLength === 0) return new UpgradeContext(name, exchange)
  return new Context(name, exchange)
}
