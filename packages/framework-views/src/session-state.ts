/** The sessions of requests in this process, for the request that is asked for it and the middleware that keeps it. */
import { ImproperlyConfigured } from './errors.ts'

/** What is kept of a visitor: JSON values. Declare yours by merging: `interface SessionData { cart?: string[] }`. */
export interface SessionData {
  [name: string]: unknown
}

/** The session of one request. */
export interface SessionState {
  readonly key: string | undefined
  readonly data: SessionData
  /** The data as loaded, in JSON: what differs from it in the end was changed. */
  readonly before: string
  accessed: boolean
  renewed: boolean
}

export const sessionStates: WeakMap<object, SessionState> = new WeakMap()

/** @throws ImproperlyConfigured without a `SessionMiddleware` */
export function accessSession(request: object): SessionState {
  const state = sessionStates.get(request)
  if (!state) throw new ImproperlyConfigured('a session was asked for, and there is no SessionMiddleware in settings')
  state.accessed = true
  return state
}
