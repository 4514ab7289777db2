export { lasting, mergeMetrics } from './merge.ts'
export { addMetrics, isMetric, ownMetrics } from './own-metrics.ts'
export { ProcessMetrics } from './process-metrics.ts'
export { type ConnectionCounts, counter, ServerCounters } from './server-counters.ts'
