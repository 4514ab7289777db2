/** What a run found: plain data, written as JSON, from which tables, reports and comparisons are made. */

export const FORMAT = 'tsgi-bench/1'

export interface BenchResult {
  readonly format: typeof FORMAT
  /** ISO 8601. */
  readonly date: string
  readonly command: string
  /** A short run for a first answer, or as many rounds and seconds as a figure to cite needs. */
  readonly mode: 'indicative' | 'full'
  readonly interrupted: boolean
  readonly settings: BenchSettings
  readonly environment: BenchEnvironment
  readonly rows: readonly Row[]
  /** Said to the reader: what was left out and why. */
  readonly notes: readonly string[]
}

export interface BenchSettings {
  readonly rounds: number
  /** Seconds of each window that is measured. */
  readonly duration: number
  readonly connections: number
  readonly workloads: readonly { readonly name: string; readonly title: string }[]
  readonly seed: number
}

export interface BenchEnvironment {
  readonly processor: string
  readonly processors: number
  /** Processors' worth of time that the control group allows; `null` for no limit. */
  readonly quota: number | null
  /** Share of processor time that the hypervisor gave to others during the run; `null` where the system does not say. */
  readonly steal: number | null
  readonly memory: number
  readonly kernel: string
  readonly pinning: string
  readonly accounting: string
  readonly load: string
  /** By name. */
  readonly versions: Readonly<Record<string, string>>
  readonly commit: string | null
  readonly nodeFlags: readonly string[]
  /** Load average of the machine when the run began. */
  readonly loadAverage: number
}

/** A pairing under a workload. */
export interface Row {
  /** Unique in a run, the same from run to run. */
  readonly id: string
  readonly label: string
  readonly server: string
  readonly app: string
  readonly workload: string
  readonly baseline: boolean
  readonly tuned: boolean
  /** The row that this is a second copy of: their difference is noise. */
  readonly twinOf: string | null
  readonly rounds: readonly Round[]
  readonly latencies: readonly Latency[]
  /** Why there is no figure. */
  readonly failure: string | null
}

export interface Round {
  readonly round: number
  /** Microseconds of processor time of the process tree, for each request. */
  readonly cpu: number | null
  readonly requestsPerSecond: number
  readonly requests: number
  readonly errors: number
  /** What the load took of its processors, 0 to 1; `null` where the system does not say. */
  readonly generatorBusy: number | null
  /** Bytes. */
  readonly peakMemory: number | null
  /** Milliseconds from the start of the process to its listening. */
  readonly boot: number
  /** The first requests after the start, up to 1,000. */
  readonly cold: { readonly requests: number; readonly milliseconds: number; readonly cpu: number | null } | null
  /** Whether three windows agreed before it was measured. */
  readonly warm: boolean
  /** Share of one processor while nobody asks. */
  readonly idleCpu: number | null
  /** Bytes for each connection that is held open, where that is the workload. */
  readonly idleConnection: { readonly held: number; readonly bytes: number | null } | null
  /** Why these figures do not count. */
  readonly voided: readonly string[]
}

export interface Latency {
  readonly round: number
  /** Of the slowest row's ceiling. */
  readonly share: number
  /** Requests a second. */
  readonly rate: number
  readonly offered: number
  readonly achieved: number
  /** Microseconds of processor time of the process tree, for each request at this rate. */
  readonly cpu: number | null
  readonly errors: number
  /** 99th percentile of the generator's own lateness, microseconds. */
  readonly lateness: number
  readonly generatorBusy: number
  /** Encoded histogram, microseconds. */
  readonly histogram: string
  readonly voided: readonly string[]
}
