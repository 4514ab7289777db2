/** A distribution, counted in one plain array: nothing is allocated and nothing is looked up by text for an observation. */
import type { MetricValue } from '@tsgi/spec/server'

type Labels = MetricValue['labels']

export class Histogram {
  readonly #bounds: readonly number[]
  /** Observations for each bound, those above all bounds, then their sum. */
  readonly #counts: number[]

  /** @param bounds upper ends of the buckets, in order; an observation that equals one belongs to it */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds
    this.#counts = Array.from({ length: bounds.length + 2 }, () => 0)
  }

  observe(value: number): void {
    const bounds = this.#bounds
    const counts = this.#counts
    let bucket = 0
    while (bucket < bounds.length && value > (bounds[bucket] as number)) bucket++
    counts[bucket] = (counts[bucket] as number) + 1
    counts[bounds.length + 1] = (counts[bounds.length + 1] as number) + value
  }

  /** As Prometheus has it: buckets that include all smaller ones, then sum and count. */
  values(name: string, labels: Labels): readonly MetricValue[] {
    let total = 0
    const values: MetricValue[] = []
    for (const [bucket, bound] of [...this.#bounds, '+Inf'].entries()) {
      total += this.#counts[bucket] as number
      values.push({ metricName: `${name}_bucket`, labels: { ...labels, le: bound }, value: total })
    }
    values.push({ metricName: `${name}_sum`, labels, value: this.#counts[this.#bounds.length + 1] as number })
    values.push({ metricName: `${name}_count`, labels, value: total })
    return values
  }
}
