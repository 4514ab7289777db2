/** A finished request as a line of an access log. */
import { header } from '@tsgi/spec'
import type { AccessRecord } from '@tsgi/spec/server'
import { clfTime, escaped, isoTime, UNSAFE } from './access-text.ts'

export type AccessFormat = (record: AccessRecord) => string

/**
 * The combined format of Apache and nginx, which every log analyser reads. What a client sent is escaped, so that it can
 * neither end the line nor a quoted part of it, nor drive a terminal.
 *
 * @example 127.0.0.1 - - [23/Nov/2026:01:02:03 +0000] "GET /hello HTTP/1.1" 200 12 "-" "curl/8.5.0"
 */
export const combined: AccessFormat = (record) =>
  `${record.remoteAddr ?? '-'} - - [${clfTime(record.time)}] "${escaped(record.method)} ${escaped(record.target)} ${record.protocol}" ` +
  `${record.status} ${record.bytes} "${quoted(record, 'referer')}" "${quoted(record, 'user-agent')}"\n`

/** One JSON object a line: `duration` in milliseconds; `complete: false` where the response did not go out whole. */
export const json: AccessFormat = (record) =>
  `{"time":"${isoTime(record.time)}","remoteAddr":${text(record.remoteAddr)},"method":${text(record.method)},` +
  `"target":${text(record.target)},"protocol":"${record.protocol}","status":${record.status},"bytes":${record.bytes},` +
  `"duration":${Math.round(record.duration * 1000) / 1000},"referer":${text(header(record.requestHeaders, 'referer'))},` +
  `"userAgent":${text(header(record.requestHeaders, 'user-agent'))},"complete":${record.complete}${trace(record)}}\n`

export const ACCESS_FORMATS: Readonly<Record<'combined' | 'json', AccessFormat>> = { combined, json }

function quoted(record: AccessRecord, name: string): string {
  const value = header(record.requestHeaders, name)
  return value === undefined || value === '' ? '-' : escaped(value)
}

/** By which a request is found elsewhere: in traces (W3C Trace Context), and in the log of the proxy in front. */
function trace({ requestHeaders }: AccessRecord): string {
  const traceparent = header(requestHeaders, 'traceparent')
  const requestId = header(requestHeaders, 'x-request-id')
  return (
    (traceparent === undefined ? '' : `,"traceparent":${text(traceparent)}`) +
    (requestId === undefined ? '' : `,"requestId":${text(requestId)}`)
  )
}

/** JSON.stringify costs 0.1 µs a text; most texts need no escaping at all. */
const text = (value: string | null | undefined): string => {
  if (value === null || value === undefined) return 'null'
  return UNSAFE.test(value) ? JSON.stringify(value) : `"${value}"`
}
