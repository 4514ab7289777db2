/**
 * What one process of a server counts, on the path of its requests: plain numbers in plain arrays, found by an integer. Names,
 * units and labels are those of OpenTelemetry's semantic conventions for HTTP servers, as Prometheus writes them
 * (`http.server.request.duration` in seconds is `http_server_request_duration_seconds`); what the conventions do not have
 * begins with `tsgi_`.
 */
import type { Metric, MetricValue } from '@tsgi/spec/server'
import { Histogram } from './histogram.ts'

/** The methods that the conventions know; any other is `_OTHER`, so that no client can make up series. */
const METHODS = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'CONNECT',
  'OPTIONS',
  'TRACE',
  'PATCH',
  'QUERY',
  '_OTHER',
] as const
const OTHER = METHODS.length - 1

/** Seconds; the conventions name them. */
const DURATIONS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]
/** Bytes. */
const SIZES = [100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8]

interface Series {
  readonly labels: MetricValue['labels']
  readonly duration: Histogram
  readonly firstByte: Histogram
  readonly requestBytes: Histogram
  readonly responseBytes: Histogram
}

/** Connections as they are now. */
export interface ConnectionCounts {
  readonly open: number
  /** Of those: nothing of a request has arrived and nothing is owed. */
  readonly idle: number
  /** Accepted, and left unread until there is room. */
  readonly waiting: number
  readonly accepted: number
}

export class ServerCounters {
  readonly #series = new Map<number, Series>()
  readonly #active: number[] = METHODS.map(() => 0)
  // Consecutive requests are mostly alike.
  #lastKey = -1
  #last: Series | null = null
  /** Connections that were answered 503, or closed unread. */
  refused = 0
  /** Connections that ended while something was owed to their client. */
  broken = 0

  started(method: string): void {
    const index = indexOf(method)
    this.#active[index] = (this.#active[index] as number) + 1
  }

  /**
   * Counts a request, without an object for it.
   *
   * @param protocol such as `HTTP/1.1`
   * @param complete whether the whole response went out
   * @param duration milliseconds from the head to the last byte that the kernel took
   * @param firstByte milliseconds from the head until the first byte of the response was given out
   * @param requestBytes of the body, as declared; negative where it was not
   */
  finished(
    method: string,
    protocol: string,
    secure: boolean,
    status: number,
    complete: boolean,
    duration: number,
    firstByte: number,
    requestBytes: number,
    responseBytes: number,
  ): void {
    const index = indexOf(method)
    this.#active[index] = (this.#active[index] as number) - 1
    const flags = (complete ? 2 : 0) + (secure ? 1 : 0)
    const key = ((protocolIndex(protocol) * METHODS.length + index) * 1000 + status) * 4 + flags
    let series = this.#last
    if (key !== this.#lastKey || series === null) {
      series = this.#series.get(key) ?? this.#add(key, METHODS[index] as string, protocol, secure, status, complete)
      this.#lastKey = key
      this.#last = series
    }
    series.duration.observe(duration / 1000)
    series.firstByte.observe(firstByte / 1000)
    series.responseBytes.observe(responseBytes)
    if (requestBytes >= 0) series.requestBytes.observe(requestBytes)
  }

  #add(key: number, method: string, protocol: string, secure: boolean, status: number, complete: boolean): Series {
    const error = complete ? (status >= 500 ? String(status) : null) : 'incomplete'
    const series: Series = {
      labels: {
        http_request_method: method,
        http_response_status_code: String(status),
        network_protocol_version:
          protocolIndex(protocol) === UNKNOWN ? 'other' : protocol.slice(protocol.indexOf('/') + 1),
        url_scheme: secure ? 'https' : 'http',
        ...(error !== null && { error_type: error }),
      },
      duration: new Histogram(DURATIONS),
      firstByte: new Histogram(DURATIONS),
      requestBytes: new Histogram(SIZES),
      responseBytes: new Histogram(SIZES),
    }
    this.#series.set(key, series)
    return series
  }

  /** Everything counted so far. */
  metrics({ open, idle, waiting, accepted }: ConnectionCounts): readonly Metric[] {
    const { refused, broken } = this
    return [
      this.#distribution('http_server_request_duration_seconds', 'Duration of HTTP server requests.', 'duration'),
      this.#distribution(
        'tsgi_server_time_to_first_byte_seconds',
        'Time from the head of a request to the first byte of its response.',
        'firstByte',
      ),
      this.#distribution(
        'http_server_request_body_size_bytes',
        'Size of HTTP server request bodies whose length was declared.',
        'requestBytes',
      ),
      this.#distribution(
        'http_server_response_body_size_bytes',
        'Size of HTTP server response bodies.',
        'responseBytes',
      ),
      {
        name: 'http_server_active_requests',
        help: 'Number of active HTTP server requests.',
        type: 'gauge',
        values: this.#active.flatMap((value, index) =>
          value === 0 && index > 0 ? [] : [{ labels: { http_request_method: METHODS[index] as string }, value }],
        ),
      },
      {
        name: 'tsgi_server_connections',
        help: 'Connections that are open, by what they do; waiting: accepted over the limit and not read yet.',
        type: 'gauge',
        values: Object.entries({ active: open - idle, idle, waiting }).map(([state, value]) => ({
          labels: { state },
          value,
        })),
      },
      counter('tsgi_server_connections_accepted_total', 'Connections accepted.', accepted),
      counter('tsgi_server_connections_refused_total', 'Connections over the limit that were answered 503.', refused),
      counter(
        'tsgi_server_connections_broken_total',
        'Connections that ended while a response was owed to their client.',
        broken,
      ),
    ]
  }

  #distribution(name: string, help: string, of: 'duration' | 'firstByte' | 'requestBytes' | 'responseBytes'): Metric {
    const values = [...this.#series.values()].flatMap((series) => series[of].values(name, series.labels))
    return { name, help, type: 'histogram', values }
  }
}

function indexOf(method: string): number {
  // By far the most requests.
  if (method === 'GET') return 0
  const index = METHODS.indexOf(method as (typeof METHODS)[number])
  return index < 0 ? OTHER : index
}

const PROTOCOLS = ['HTTP/1.1', 'HTTP/1.0', 'HTTP/2', 'HTTP/3']
const UNKNOWN = PROTOCOLS.length

function protocolIndex(protocol: string): number {
  const index = PROTOCOLS.indexOf(protocol)
  return index < 0 ? UNKNOWN : index
}

export const counter = (name: string, help: string, value: number, labels: MetricValue['labels'] = {}): Metric => ({
  name,
  help,
  type: 'counter',
  values: [{ labels, value }],
})
