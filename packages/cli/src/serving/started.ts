import type { Entry } from '@tsgi/loader/entry'
import type { RunningServer, ServerModule } from '@tsgi/spec/server'

/** A server that runs, and what it came from. */
export interface Started {
  readonly module: ServerModule
  readonly server: RunningServer
  /** Absent where the application is loaded by other processes only. */
  readonly entry: Entry | undefined
}
