import type { HeaderList } from '@tsgi/spec'

/** What an exchange looks at in its request. */
export interface ExchangeRequest {
  readonly method: string
  readonly path: string
  readonly headers: HeaderList
  /** The protocols that the client asks for by `upgrade`; `null` where it asks for none. */
  readonly upgrade: readonly string[] | null
}
