/** What a fleet counts about itself, for its metrics. */

/** Why a worker ended. The first of them are those that nobody asked for. */
export type EndKind = 'exit' | 'signal' | 'uncaught' | 'hang' | 'boot' | 'protocol' | 'reload' | 'recycled' | 'scaled'

export class Tally {
  /** Workers that were, or had to be, replaced. */
  readonly ends: Map<EndKind, number> = new Map()
  reloads = 0
  failedReloads = 0

  ended(kind: EndKind): void {
    this.ends.set(kind, (this.ends.get(kind) ?? 0) + 1)
  }
}
