/** What a server counts, where it is asked to. */
import type { Application } from '@tsgi/spec'
import type { Metric } from '@tsgi/spec/server'
import { describe, expect, it } from 'vitest'
import { connect, get } from './http2/client.ts'
import { deferred, serving, type Serving } from './serving.ts'

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
const hello: Application = (_environ, start) => {
  start(200, [])
  return 'hello'
}

const metricOf = ({ http }: Serving, name: string): Metric | undefined =>
  http.metrics().find((metric) => metric.name === name)

const total = (server: Serving, name: string): number | undefined => metricOf(server, name)?.values.at(-1)?.value

const DURATION = 'http_server_request_duration_seconds'
const FIRST_BYTE = 'tsgi_server_time_to_first_byte_seconds'

describe('a server that counts', () => {
  it('counts requests, also those that broke a rule', async () => {
    const server = await serving(hello, { metrics: true })
    await server.exchange(`${GET}POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcBAD\r\n\r\n`)
    const counts = metricOf(server, DURATION)?.values.filter(({ metricName }) => metricName === `${DURATION}_count`)
    expect(
      counts?.map(({ labels, value }) => [labels['http_request_method'], labels['http_response_status_code'], value]),
    ).toEqual([
      ['GET', '200', 1],
      ['POST', '200', 1],
      ['_OTHER', '400', 1],
    ])
    const sizes = metricOf(server, 'http_server_request_body_size_bytes')?.values
    expect(
      sizes?.find(({ labels, metricName }) => labels['http_request_method'] === 'POST' && metricName?.endsWith('_sum'))
        ?.value,
    ).toBe(3)
  })

  it('counts requests of HTTP/2, and connections that are idle', async () => {
    const server = await serving(hello, { metrics: true }, 'sockets')
    const client = connect(server.port)
    await get(client, '/')
    await get(client, '/')
    const { labels, value } = metricOf(server, DURATION)?.values.at(-1) ?? {}
    expect([labels?.['network_protocol_version'], value]).toEqual(['2', 2])
    expect(metricOf(server, 'tsgi_server_connections')?.values[1]?.value).toBe(1)
  })

  it('tells the first byte of a response from its end', async () => {
    const rest = deferred()
    const server = await serving(
      (_environ, start) => {
        start(200, [])
        return (async function* () {
          yield 'first'
          await rest.promise
          yield 'last'
        })()
      },
      { metrics: true },
    )
    const client = server.connect().send(GET)
    await client.contains('first')
    expect(metricOf(server, 'http_server_active_requests')?.values[0]?.value).toBe(1)
    await new Promise((resolve) => setTimeout(resolve, 30))
    rest.resolve()
    await client.contains('last')
    const sum = (name: string) => metricOf(server, name)?.values.at(-2)?.value ?? Number.NaN
    expect(sum(DURATION) - sum(FIRST_BYTE)).toBeGreaterThan(0.025)
    expect(metricOf(server, 'http_server_active_requests')?.values[0]?.value).toBe(0)
  })

  it('knows idle connections from busy ones, and those that were broken', async () => {
    const entered = deferred()
    const server = await serving(
      ({ pathInfo }, start) => {
        start(200, [])
        if (pathInfo === '/') return 'hello'
        entered.resolve()
        return new Promise<string>(() => {})
      },
      { metrics: true },
    )
    const idle = server.connect()
    await idle.send(GET).responses(1)
    const busy = server.connect().send('GET /wait HTTP/1.1\r\nHost: a\r\n\r\n')
    await entered.promise
    const states = () =>
      Object.fromEntries(
        (metricOf(server, 'tsgi_server_connections')?.values ?? []).map(({ labels, value }) => [
          labels['state'],
          value,
        ]),
      )
    expect(states()).toEqual({ active: 1, idle: 1, waiting: 0 })
    busy.reset()
    idle.end()
    await idle.toClose()
    expect(states()).toEqual({ active: 0, idle: 0, waiting: 0 })
    expect(total(server, 'tsgi_server_connections_broken_total')).toBe(1)
    expect(total(server, DURATION)).toBe(1)
    expect(metricOf(server, DURATION)?.values.at(-1)?.labels['error_type']).toBe('incomplete')
  })

  it('counts refused connections', async () => {
    const server = await serving(hello, { metrics: true, limits: { maxConnections: 1 }, overload: '503' }, 'sockets')
    await server.connect().send(GET).responses(1)
    await server.connect().send(GET).contains('503')
    expect(total(server, 'tsgi_server_connections_refused_total')).toBe(1)
    expect(total(server, 'tsgi_server_connections_accepted_total')).toBe(2)
  })

  it('believes a trusted proxy about the scheme', async () => {
    const server = await serving(hello, { metrics: true, trustedProxies: ['127.0.0.1'] })
    await server.get('/', 'X-Forwarded-Proto: https\r\n')
    expect(metricOf(server, DURATION)?.values[0]?.labels['url_scheme']).toBe('https')
  })
})

it('a server that is not asked to counts nothing', async () => {
  const server = await serving(hello)
  await server.get('/')
  expect(server.http.metrics()).toEqual([])
})
