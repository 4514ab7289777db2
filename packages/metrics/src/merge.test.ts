import type { Environ } from '@tsgi/spec'
import type { Metric } from '@tsgi/spec/server'
import { describe, expect, it } from 'vitest'
import { lasting, mergeMetrics } from './merge.ts'
import { metricsApplication } from './metrics-application.ts'

const metric = (type: Metric['type'], value: number, aggregator?: Metric['aggregator']): Metric => ({
  name: 'a_metric',
  help: 'One.',
  type,
  ...(aggregator !== undefined && { aggregator }),
  values: [{ labels: { a: '1', b: '2' }, value }],
})

const value = (...metrics: readonly Metric[]) => mergeMetrics(...metrics.map((one) => [one]))[0]?.values[0]?.value

describe('an answer to Prometheus', () => {
  it('has one metric of a name that two parts of an application count', async () => {
    const application = metricsApplication(async () => [metric('counter', 2), metric('counter', 5)])
    const body = await application({ requestMethod: 'GET', pathInfo: '/metrics' } as Environ, () => {})
    expect(body).toContain('a_metric{a="1",b="2"} 7')
  })
})

describe('metrics of several processes', () => {
  it('are added up where they have the same labels, in whatever order', () => {
    const turned: Metric = { ...metric('counter', 0), values: [{ labels: { b: '2', a: '1' }, value: 5 }] }
    const other: Metric = { ...metric('counter', 0), values: [{ labels: { a: '2', b: '2' }, value: 1 }] }
    expect(mergeMetrics([metric('counter', 2)], [turned], [other])[0]?.values.map((one) => one.value)).toEqual([7, 1])
  })

  it.each([
    ['sum', 9],
    ['first', 2],
    ['min', 1],
    ['max', 6],
    ['average', 3],
  ] as const)('are put together by the aggregator %s of a gauge', (aggregator, expected) => {
    expect(value(metric('gauge', 2, aggregator), metric('gauge', 6, aggregator), metric('gauge', 1, aggregator))).toBe(
      expected,
    )
  })

  it('leave out what is to be omitted, and keep the first of two types', () => {
    expect(mergeMetrics([metric('gauge', 1, 'omit')])).toEqual([])
    expect(value(metric('counter', 1), metric('gauge', 5))).toBe(1)
  })

  it('have no quantiles, which cannot be added up', () => {
    const summary: Metric = {
      ...metric('summary', 0),
      values: [
        { labels: { quantile: 0.5 }, value: 3 },
        { metricName: 'a_metric_count', labels: {}, value: 1 },
      ],
    }
    expect(mergeMetrics([summary], [summary])[0]?.values).toEqual([
      { metricName: 'a_metric_count', labels: {}, value: 2 },
    ])
  })
})

it('what has ended leaves its counters and no gauges', () => {
  expect(lasting([metric('counter', 1), metric('gauge', 1)])).toEqual([metric('counter', 1)])
})
