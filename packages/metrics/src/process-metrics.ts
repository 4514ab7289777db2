/** Memory, processor time and event-loop delay of this process, by OpenTelemetry's conventions for processes and Node. */
import type { ELDHistogram } from 'node:perf_hooks'
import type { Metric, MetricValue } from '@tsgi/spec/server'

const NANOSECONDS = 1e9
const MICROSECONDS = 1e6
/** Milliseconds between two looks at the event loop: fifty wake-ups a second. */
const RESOLUTION = 20

/** Figures of this process since it began to watch itself. */
export class ProcessMetrics {
  readonly #labels: MetricValue['labels']
  readonly #delay: ELDHistogram | null

  /**
   * @param worker distinguishes this process from others of a server
   * @param watches whether to watch the event loop, which is not worth it where a process lives for a moment
   */
  constructor(worker: string, watches: boolean) {
    this.#labels = { worker }
    this.#delay = watches
      ? process.getBuiltinModule('node:perf_hooks').monitorEventLoopDelay({ resolution: RESOLUTION })
      : null
    this.#delay?.enable()
  }

  /** @param reset starts the measurement of delays again, so that a scrape shows those since the one before */
  metrics(reset: boolean = true): readonly Metric[] {
    const { rss, heapUsed, heapTotal } = process.memoryUsage()
    const { user, system } = process.cpuUsage()
    return [
      ...this.#delays(reset),
      this.#gauge('process_memory_usage_bytes', 'The amount of physical memory in use.', rss),
      this.#gauge('v8js_memory_heap_used_bytes', 'Heap memory in use.', heapUsed),
      this.#gauge('v8js_memory_heap_limit_bytes', 'Total heap memory size pre-allocated.', heapTotal),
      {
        name: 'process_cpu_time_seconds_total',
        help: 'Total CPU seconds, of all processes of the server together.',
        type: 'counter',
        values: [
          { labels: { cpu_mode: 'user' }, value: user / MICROSECONDS },
          { labels: { cpu_mode: 'system' }, value: system / MICROSECONDS },
        ],
      },
    ]
  }

  #delays(reset: boolean): readonly Metric[] {
    const delay = this.#delay
    if (delay === null) return []
    // What the watch itself waits for is in each of its figures.
    const seconds = (nanoseconds: number): number =>
      delay.count === 0 ? 0 : Math.max(0, nanoseconds - RESOLUTION * 1e6) / NANOSECONDS
    const gauge = (name: string, help: string, value: number): Metric => ({
      ...this.#gauge(`nodejs_eventloop_delay_${name}_seconds`, help, seconds(value)),
      aggregator: 'max',
    })
    const delays: readonly Metric[] = [
      gauge('max', 'Event loop maximum delay.', delay.max),
      gauge('mean', 'Event loop mean delay.', delay.mean),
      gauge('p50', 'Event loop 50 percentile delay.', delay.percentile(50)),
      gauge('p99', 'Event loop 99 percentile delay.', delay.percentile(99)),
    ]
    if (reset) delay.reset()
    return delays
  }

  stop(): void {
    this.#delay?.disable()
  }

  #gauge(name: string, help: string, value: number): Metric {
    return { name, help, type: 'gauge', values: [{ labels: this.#labels, value }] }
  }
}
