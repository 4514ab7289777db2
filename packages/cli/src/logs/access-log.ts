/** A finished request as a line of an access log. */
import { header } from '@tsgi/spec'
import type { AccessRecord } from '@tsgi/spec/server'

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
  `"userAgent":${text(header(record.requestHeaders, 'user-agent'))},"complete":${record.complete}}\n`

export const ACCESS_FORMATS: Readonly<Record<'combined' | 'json', AccessFormat>> = { combined, json }

function quoted(record: AccessRecord, name: string): string {
  const value = header(record.requestHeaders, name)
  return value === undefined || value === '' ? '-' : escaped(value)
}

const UNSAFE = /["\\]|[^\x20-\x7e]/
const EACH_UNSAFE = /["\\]|[^\x20-\x7e]/g

const escaped = (value: string): string => (UNSAFE.test(value) ? value.replace(EACH_UNSAFE, escape) : value)

const escape = (char: string) =>
  char === '"' || char === '\\' ? `\\${char}` : `\\x${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`

/** JSON.stringify costs 0.1 µs a text; most texts need no escaping at all. */
const text = (value: string | null | undefined): string => {
  if (value === null || value === undefined) return 'null'
  return UNSAFE.test(value) ? JSON.stringify(value) : `"${value}"`
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const two = (n: number) => String(n).padStart(2, '0')

/** `23/Nov/2026:01:02:03 +0100`, in local time as other servers have it; made once a second. */
const clfTime = oncePerSecond((time) => {
  const date = new Date(time)
  const offset = -date.getTimezoneOffset()
  const zone = `${offset < 0 ? '-' : '+'}${two(Math.trunc(Math.abs(offset) / 60))}${two(Math.abs(offset) % 60)}`
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')
  return `${two(date.getDate())}/${MONTHS[date.getMonth()]}/${date.getFullYear()}:${clock} ${zone}`
})

const isoSecond = oncePerSecond((time) => new Date(time).toISOString().slice(0, 20))
const isoTime = (time: number) => `${isoSecond(time)}${String(Math.floor(time) % 1000).padStart(3, '0')}Z`

/** Remembers the last result, for times within the same second. */
function oncePerSecond(format: (time: number) => string): (time: number) => string {
  let lastSecond = -1
  let last = ''
  return (time) => {
    const second = Math.floor(time / 1000)
    if (second !== lastSecond) {
      lastSecond = second
      last = format(time)
    }
    return last
  }
}
