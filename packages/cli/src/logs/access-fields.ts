/** What a line of an access log may say of a request, by the names that gunicorn and nginx have for it. */
import { header } from '@tsgi/spec'
import type { AccessRecord } from '@tsgi/spec/server'
import { clfTime, escaped, isoTime } from './access-text.ts'

/** The text of a field. What a client sent is escaped; `-` stands for what is absent. */
export type AccessField = (record: AccessRecord) => string

const path = ({ target }: AccessRecord): string => target.split('?', 1)[0] ?? ''
const query = (record: AccessRecord): string => record.target.slice(path(record).length + 1)
const requestLine = ({ method, target, protocol }: AccessRecord): string => `${method} ${target} ${protocol}`

/** The user of Basic authentication (RFC 7617), as the client names it: nobody has checked it here. */
function user({ requestHeaders }: AccessRecord): string {
  const [, credentials] = /^basic +([\w+/=-]+)$/i.exec(header(requestHeaders, 'authorization') ?? '') ?? []
  return credentials === undefined ? '' : (Buffer.from(credentials, 'base64').toString('utf8').split(':', 1)[0] ?? '')
}

const client =
  (text: (record: AccessRecord) => string | null | undefined): AccessField =>
  (record) => {
    const value = text(record)
    return value === null || value === undefined || value === '' ? '-' : escaped(value)
  }
const field = (name: string): AccessField => client(({ requestHeaders }) => header(requestHeaders, name))
const seconds =
  (digits: number): AccessField =>
  ({ duration }) =>
    (duration / 1000).toFixed(digits)

/** Of `%(name)s`; https://docs.gunicorn.org/en/stable/settings.html#access-log-format */
export const GUNICORN_FIELDS: Readonly<Record<string, AccessField>> = {
  h: client(({ remoteAddr }) => remoteAddr),
  l: () => '-',
  u: client(user),
  t: ({ time }) => `[${clfTime(time)}]`,
  r: client(requestLine),
  m: client(({ method }) => method),
  U: client(path),
  q: (record) => escaped(query(record)),
  H: ({ protocol }) => protocol,
  s: ({ status }) => String(status),
  B: ({ bytes }) => String(bytes),
  b: ({ bytes }) => (bytes === 0 ? '-' : String(bytes)),
  f: field('referer'),
  a: field('user-agent'),
  T: ({ duration }) => String(Math.floor(duration / 1000)),
  M: ({ duration }) => String(Math.round(duration)),
  D: ({ duration }) => String(Math.round(duration * 1000)),
  L: seconds(6),
}

/** Of `$name`; https://nginx.org/en/docs/http/ngx_http_core_module.html#variables */
export const NGINX_FIELDS: Readonly<Record<string, AccessField>> = {
  remote_addr: client(({ remoteAddr }) => remoteAddr),
  remote_user: client(user),
  time_local: ({ time }) => clfTime(time),
  time_iso8601: ({ time }) => isoTime(time),
  msec: ({ time, duration }) => ((time + duration) / 1000).toFixed(3),
  request: client(requestLine),
  request_method: client(({ method }) => method),
  request_uri: client(({ target }) => target),
  uri: client(path),
  args: client(query),
  query_string: client(query),
  server_protocol: ({ protocol }) => protocol,
  status: ({ status }) => String(status),
  body_bytes_sent: ({ bytes }) => String(bytes),
  request_time: seconds(3),
  request_completion: ({ complete }) => (complete ? 'OK' : ''),
  host: field('host'),
}

/** A field of the request: `%({name}i)s` and `$http_name`. */
export const requestField: (name: string) => AccessField = field
