/** `environ.server` on `node:http`: one class for each set of what is possible. */
import type { HeaderList, ServerContext, UpgradeHandler } from '@tsgi/spec'

/** What a context needs of the answer that it belongs to. */
export interface ContextOwner {
  readonly signal: AbortSignal
  onFinish(listener: (error?: unknown) => void): void
  flush(): void
  earlyHints(headers: HeaderList): void
  trailers(produce: () => HeaderList): void
}

export interface UpgradeOwner {
  upgrade(protocol: string, headers: HeaderList, run: UpgradeHandler): null
}

const NAME = `tsgi-node-http/${process.versions.node}`

/** To an HTTP/1.0 client: no 1xx and no chunks. */
class BasicContext implements ServerContext {
  readonly name: string = NAME
  readonly #owner: ContextOwner

  constructor(owner: ContextOwner) {
    this.#owner = owner
  }

  get signal(): AbortSignal {
    return this.#owner.signal
  }

  onFinish(listener: (error?: unknown) => void): void {
    this.#owner.onFinish(listener)
  }

  flush(): void {
    this.#owner.flush()
  }

  protected get owner(): ContextOwner {
    return this.#owner
  }
}

class Context extends BasicContext {
  earlyHints(headers: HeaderList): void {
    this.owner.earlyHints(headers)
  }

  trailers(produce: () => HeaderList): void {
    this.owner.trailers(produce)
  }
}

class UpgradeContext extends Context {
  readonly #upgrade: UpgradeOwner

  constructor(owner: ContextOwner, upgrade: UpgradeOwner) {
    super(owner)
    this.#upgrade = upgrade
  }

  upgrade(protocol: string, headers: HeaderList, run: UpgradeHandler): null {
    return this.#upgrade.upgrade(protocol, headers, run)
  }
}

export function makeContext(owner: ContextOwner, httpVersion: string, upgrade: UpgradeOwner | null): ServerContext {
  if (httpVersion !== '1.1') return new BasicContext(owner)
  return upgrade === null ? new Context(owner) : new UpgradeContext(owner, upgrade)
}
