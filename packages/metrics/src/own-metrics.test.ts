import { Counter, Gauge, Registry } from 'prom-client'
import { describe, expect, it } from 'vitest'
import { addMetrics, isMetric, ownMetrics } from './own-metrics.ts'

async function with_<T>(source: { getMetricsAsJSON(): unknown }, run: () => Promise<T>): Promise<T> {
  const remove = addMetrics(source)
  try {
    return await run()
  } finally {
    remove()
  }
}

describe("an application's own metrics", () => {
  it('are those of its registry of prom-client', async () => {
    const registry = new Registry()
    new Counter({ name: 'orders_total', help: 'Orders.', labelNames: ['kind'], registers: [registry] }).inc({
      kind: 'a',
    })
    new Gauge({ name: 'load', help: 'Load.', registers: [registry], aggregator: 'max' }).set(Number.NaN)
    const found = await with_(registry, () => ownMetrics(() => {}))
    expect(found).toEqual([
      {
        name: 'orders_total',
        help: 'Orders.',
        type: 'counter',
        aggregator: 'sum',
        values: [{ labels: { kind: 'a' }, value: 1 }],
      },
      { name: 'load', help: 'Load.', type: 'gauge', aggregator: 'max', values: [] },
    ])
    expect(await ownMetrics(() => {})).toEqual([])
  })

  it('that fail are reported, and the others are there', async () => {
    const errors: unknown[] = []
    const broken = { getMetricsAsJSON: () => Promise.reject(new Error('no database')) }
    const whole = { getMetricsAsJSON: () => [{ name: 'a', help: '', type: 'gauge', values: [] }] }
    const found = await with_(broken, () => with_(whole, () => ownMetrics((error) => errors.push(error))))
    expect(found.map(({ name }) => name)).toEqual(['a'])
    expect(errors).toEqual([new Error('no database')])
  })
})

describe('data from elsewhere', () => {
  const good = { name: 'a', help: 'A.', type: 'counter', values: [{ labels: { b: 'c' }, value: 1 }] }
  it.each([
    ['a metric', good, true],
    ['a value that JSON could not write', { ...good, values: [{ labels: {}, value: null }] }, true],
    ['a name that would end the line', { ...good, name: 'a 1\nb' }, false],
    ['a label that would end the labels', { ...good, values: [{ labels: { 'b="",c': 'd' }, value: 1 }] }, false],
    ['another type', { ...good, type: 'thing' }, false],
    ['a value that is text', { ...good, values: [{ labels: {}, value: '1\nx 2' }] }, false],
  ])('is checked: %s', (_what, data, expected) => expect(isMetric(data)).toBe(expected))
})
