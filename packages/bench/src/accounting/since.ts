/** What was used between two readings of a counter; `null` where the system has none. */
export const since = (before: number | null, after: number | null): number | null =>
  before === null || after === null ? null : after - before
