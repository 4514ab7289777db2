/** A subject that runs. */
import type { Target } from './wire.ts'

export interface Started {
  readonly target: Target
  /** Where observations of the application are. */
  readonly folder: string
  /** Lines of the server's log, stacks included. */
  readonly log: readonly string[]
  /** What became of its process where that went wrong; `null` as long as it did not, or where it has none of its own. */
  readonly downfall?: (() => string | null) | undefined
  stop(graceful?: number): Promise<void>
}
