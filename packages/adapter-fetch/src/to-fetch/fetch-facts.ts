import type { ExchangeRequest } from '@tsgi/exchange'
import type { HeaderList } from '@tsgi/spec'
import { toFields } from '../header-fields.ts'

/** What an exchange asks of a `Request`. Path and fields are made when they are asked for: only failures need them. */
export class FetchFacts implements ExchangeRequest {
  readonly method: string
  readonly upgrade = null
  readonly #request: Request

  constructor(request: Request) {
    this.method = request.method
    this.#request = request
  }

  get path(): string {
    return new URL(this.#request.url).pathname
  }

  get headers(): HeaderList {
    return toFields(this.#request.headers)
  }
}
