import type { Awaitable } from '@tsgi/spec'
import type { Bindings } from './bindings.ts'
import type { ExecutionContext } from './execution-context.ts'

/** A fetch handler: takes a `Request`, gives back a `Response`. */
export interface FetchFunction {
  (request: Request, env: Bindings, context: ExecutionContext): Awaitable<Response>
}

/** An object with a fetch handler: a Hono or h3 app, what a module for Workers exports by default. */
export interface FetchObject {
  fetch: FetchFunction
}

export type FetchApp = FetchFunction | FetchObject
