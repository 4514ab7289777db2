/** A request that broke a rule before it had a head: what stands in for the head in its answer and in the access log. */
import type { RequestHead } from '@tsgi/http1'

export interface Refusal {
  readonly status: number
  /** What was expected and what came; the client is told. */
  readonly message: string
  /** As far as it was read. */
  readonly method: string | null
  readonly target: string | null
}

export function headOfRefused({ method, target }: Refusal): RequestHead {
  return {
    type: 'request',
    method: method ?? '-',
    path: target ?? '-',
    query: '',
    minorVersion: 1,
    headers: [],
    host: '',
    bodyLength: 0,
    keepAlive: false,
    expectContinue: false,
    upgrade: null,
  }
}
