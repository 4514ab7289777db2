/** Latencies in microseconds, to three digits, from 1 µs to a minute. */
import { build, decodeFromCompressedBase64, encodeIntoCompressedBase64, type Histogram } from 'hdr-histogram-js'

export const MAX_LATENCY = 60_000_000

export function latencyHistogram(): Histogram {
  return build({
    bitBucketSize: 32,
    autoResize: false,
    lowestDiscernibleValue: 1,
    highestTrackableValue: MAX_LATENCY,
    numberOfSignificantValueDigits: 3,
  })
}

export function record(histogram: Histogram, milliseconds: number): void {
  histogram.recordValue(Math.min(MAX_LATENCY, Math.max(1, Math.round(milliseconds * 1000))))
}

/** As HdrHistogram writes it in every language. */
export const encodeHistogram = (histogram: Histogram): string => encodeIntoCompressedBase64(histogram)
export const decodeHistogram = (text: string): Histogram => decodeFromCompressedBase64(text)

export interface Percentiles {
  readonly count: number
  /** Microseconds; `null` where fewer than 100 samples lie beyond. */
  readonly p50: number | null
  readonly p90: number | null
  readonly p99: number | null
  readonly p999: number | null
  readonly max: number
}

/** A percentile of few samples is an anecdote. */
const SAMPLES_BEYOND = 100

export function percentilesOf(histograms: readonly Histogram[]): Percentiles {
  const all = latencyHistogram()
  for (const histogram of histograms) all.add(histogram)
  const count = all.totalCount
  const at = (percentile: number): number | null =>
    (count * (100 - percentile)) / 100 >= SAMPLES_BEYOND ? all.getValueAtPercentile(percentile) : null
  return { count, p50: at(50), p90: at(90), p99: at(99), p999: at(99.9), max: all.maxValue }
}
