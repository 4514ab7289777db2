/** What a fleet of workers is to be. All times in milliseconds. */
export interface Plan {
  readonly shape: Shape
  /** From spawn to loaded; also for a new generation's sockets to open; 0 never. */
  readonly bootTimeout: number
  /** Without a beat; 0 never. */
  readonly workerTimeout: number
  /** Default time for responses in flight when a worker is retired. */
  readonly graceful: number
  /** How long idle keep-alive connections of a retired worker may go on to send one more request. */
  readonly idleGrace: number
  /** Before a stop begins; connections are served meanwhile. */
  readonly shutdownDelay: number
}

export type Shape = Slots | Pool

/** A worker for each slot; a slot has its own queue of connections, which outlives its workers. */
export interface Slots {
  readonly kind: 'slots'
  readonly workers: number
  /** Requests after which a worker is replaced; 0 never. */
  readonly maxRequests: number
  /** Up to so many requests more, drawn for each worker, so that they are not replaced all at once. */
  readonly maxRequestsJitter: number
  /** Bytes of resident memory over which a worker is replaced; 0 never. */
  readonly maxRss: number
}

/** Warm processes that serve one connection each. */
export interface Pool {
  readonly kind: 'pool'
  /** Kept waiting. */
  readonly spare: number
  /** In all, but for the one who turns away. */
  readonly maxProcesses: number
  /** Whether one more process, in a slot of its own, takes what comes while all others are taken; else it waits. */
  readonly turnAway: boolean
}

/** The slot of the process that turns away. It inherits no sockets: while it is needed, it covers for slot 0. */
export const TURN_AWAY = 1

const SLOWEST_BEAT = 1_000
const FASTEST_BEAT = 10

/** Milliseconds between two beats of a worker: four in the shortest time that somebody may be silent. */
export function beatInterval(plan: Plan): number {
  const shortest = Math.min(plan.bootTimeout || Infinity, plan.workerTimeout || Infinity)
  return Math.min(SLOWEST_BEAT, Math.max(FASTEST_BEAT, Math.floor(shortest / 4)))
}
