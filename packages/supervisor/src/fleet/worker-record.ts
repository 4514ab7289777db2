/** What the fleet knows about one worker. */
import { type Figures, NO_FIGURES } from '../channel/messages.ts'

/**
 * ```
 *   booting → loaded → opening → accepting → serving      (serving: its one connection)
 *       any of these → draining → ended                   (ended: told so for the last time, or killed; not yet exited)
 * ```
 */
export type WorkerPhase = 'booting' | 'loaded' | 'opening' | 'accepting' | 'serving' | 'draining' | 'ended'

export interface WorkerRecord {
  readonly id: number
  readonly slot: number
  readonly generation: number
  /** Requests after which it is replaced. */
  readonly requestLimit: number
  readonly spawnedAt: number
  pid: number | null
  phase: WorkerPhase
  /** Whether it may take a connection, as far as is known: from the order to accept until it has closed its sockets. */
  listens: boolean
  /** When it opened its sockets. */
  acceptingSince: number | null
  /** When it is killed if it is in the same phase still. */
  deadline: number | null
  /** When it was told to drain. */
  drainedAt: number
  /** Whether it was left no grace. */
  isHurried: boolean
  /** When it last said something. */
  heard: number
  figures: Figures
  /** Why a successor takes its place while it goes on. */
  spent: string | null
  /** Why it drains or was killed. */
  reason: string | null
  /** Responses it cut off, by its own account. */
  cutOff: number | null
  /** Slots of others whose queues it accepts from. */
  covers: ReadonlySet<number>
}

export function newWorker(
  facts: Pick<WorkerRecord, 'id' | 'slot' | 'generation' | 'requestLimit' | 'spawnedAt'> & {
    readonly deadline: number | null
  },
): WorkerRecord {
  return {
    ...facts,
    pid: null,
    phase: 'booting',
    listens: false,
    acceptingSince: null,
    drainedAt: Infinity,
    isHurried: false,
    heard: facts.spawnedAt,
    figures: NO_FIGURES,
    spent: null,
    reason: null,
    cutOff: null,
    covers: new Set(),
  }
}

/** Whether it waits for connections or is about to, and goes on doing so: nobody needs to be started in its place. */
export function isStaying({ phase, spent }: WorkerRecord): boolean {
  return spent === null && (phase === 'booting' || phase === 'loaded' || phase === 'opening' || phase === 'accepting')
}
