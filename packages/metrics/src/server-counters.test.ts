import { describe, expect, it } from 'vitest'
import { exposition } from './exposition.ts'
import { ServerCounters } from './server-counters.ts'

const NO_CONNECTIONS = { open: 0, idle: 0, waiting: 0, accepted: 0 }

async function written(counters: ServerCounters): Promise<string> {
  return exposition(counters.metrics(NO_CONNECTIONS))
}

describe('requests', () => {
  it('are counted by method, status, protocol and scheme, with durations in seconds', async () => {
    const counters = new ServerCounters()
    for (const milliseconds of [4, 30, 20_000]) {
      counters.started('GET')
      counters.finished('GET', 'HTTP/1.1', true, 200, true, milliseconds, 1, 0, 12)
    }
    const text = await written(counters)
    const labels =
      'http_request_method="GET",http_response_status_code="200",network_protocol_version="1.1",url_scheme="https"'
    expect(text).toContain('# TYPE http_server_request_duration_seconds histogram')
    expect(text).toContain(`http_server_request_duration_seconds_bucket{${labels},le="0.005"} 1\n`)
    expect(text).toContain(`http_server_request_duration_seconds_bucket{${labels},le="0.05"} 2\n`)
    expect(text).toContain(`http_server_request_duration_seconds_bucket{${labels},le="10"} 2\n`)
    expect(text).toContain(`http_server_request_duration_seconds_bucket{${labels},le="+Inf"} 3\n`)
    expect(text).toContain(`http_server_request_duration_seconds_sum{${labels}} 20.034\n`)
    expect(text).toContain(`http_server_response_body_size_bytes_sum{${labels}} 36\n`)
    expect(text).toContain(`tsgi_server_time_to_first_byte_seconds_count{${labels}} 3\n`)
  })

  it('have an error where they failed, and where they broke off', async () => {
    const counters = new ServerCounters()
    counters.finished('GET', 'HTTP/1.0', false, 503, true, 1, 1, 0, 0)
    counters.finished('GET', 'HTTP/1.0', false, 200, false, 1, 1, 0, 0)
    const text = await written(counters)
    expect(text).toMatch(/duration_seconds_count\{.*code="503".*error_type="503"\} 1\n/)
    expect(text).toMatch(/duration_seconds_count\{.*code="200".*error_type="incomplete"\} 1\n/)
  })

  it('are active until they have finished', () => {
    const counters = new ServerCounters()
    counters.started('GET')
    counters.started('POST')
    counters.finished('GET', 'HTTP/1.1', false, 200, true, 1, 1, 0, 0)
    const active = counters.metrics(NO_CONNECTIONS).find(({ name }) => name === 'http_server_active_requests')
    expect(active?.values).toEqual([
      { labels: { http_request_method: 'GET' }, value: 0 },
      { labels: { http_request_method: 'POST' }, value: 1 },
    ])
  })

  it('make no series of their own for methods and protocols that a client makes up', async () => {
    const counters = new ServerCounters()
    for (let i = 0; i < 100; i++) {
      counters.started(`X${i}`)
      counters.finished(`X${i}`, `GOPHER/${i}`, false, 200, true, 1, 1, -1, 0)
    }
    expect(await written(counters)).toMatch(
      /duration_seconds_count\{http_request_method="_OTHER",.*network_protocol_version="other",.*\} 100\n/,
    )
  })
})
