/** A request that breaks a rule, and how much each part of the answer to it binds. */
import type { RfcClause } from '../../clause.ts'
import type { Force } from '../../force.ts'

export interface Refusal {
  readonly id: string
  readonly title: string
  readonly clause: RfcClause
  /** How much the status binds; as a function, how wrong a status is that is not wanted, where 0 is no answer at all. */
  readonly force: Force | ((status: number) => Force)
  /** How much the close after the answer binds. Default: `should` with such a status (RFC 9112 §2.2 names both), else `ours`. */
  readonly closes?: Force
  /** How much it binds not to serve what follows. Default: as `closes`. */
  readonly unserved?: Force
  /** Default: 400. */
  readonly status?: readonly number[]
  /** Other statuses that satisfy the MUST; the one above is then a `should`. */
  readonly enough?: readonly number[]
  /** `{host}` is the server's, `{path}` that of the behaviour; a second request follows. */
  readonly send: string
  readonly hint?: string
}

export const GET: string = 'GET / HTTP/1.1\r\nHost: {host}\r\n'
export const POST: string = 'POST {path} HTTP/1.1\r\nHost: {host}\r\n'
export const CHUNKED: string = `${POST}Transfer-Encoding: chunked\r\n\r\n`
