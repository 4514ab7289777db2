/** As many requests as a server answers when each connection asks again at once. */
export interface CeilingResult {
  readonly requests: number
  /** Seconds. */
  readonly elapsed: number
  readonly errors: number
  readonly trouble: string | null
  /** Of its processors, 0 to 1; `null` where the system does not say. */
  readonly generatorBusy: number | null
}
