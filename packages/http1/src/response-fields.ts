/**
 * The fields of a response: checked when an application gives them, so that the error has the application's line in its
 * stack, and written at once as the lines they will be on the wire.
 */

/** Why fields were refused. Nothing of them was sent. */
export class FieldError extends TypeError {
  readonly code = 'TSGI_ERR_FIELD'
}

/** Fields that were found good. */
export interface ResponseFields {
  /** `name: value CRLF` of each, one character per byte, without what the server decides: `content-length`, `connection`. */
  readonly lines: string
  /** Declared by the application; -1 where it declared none. */
  readonly contentLength: number
  /** The application asked for `connection: close`. */
  readonly close: boolean
  readonly hasDate: boolean
}

type Role = 'plain' | 'content-length' | 'connection' | 'date' | 'upgrade' | 'refused'

const ROLES: Readonly<Record<string, Role>> = {
  'content-length': 'content-length',
  connection: 'connection',
  date: 'date',
  upgrade: 'upgrade',
  'keep-alive': 'refused',
  'proxy-connection': 'refused',
  'transfer-encoding': 'refused',
  te: 'refused',
}

const LOWER_CASE_TOKEN = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/
// 9110 §5.5, and no character above 0xFF: cut to a byte it could become a line end (U+010D is CR).
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/
const LENGTH = /^(?:0|[1-9][0-9]{0,15})$/

// Names that were found good. Capped, since an application may make names up.
const MAX_KNOWN = 1024
const known = new Map<string, Role>()

/**
 * Checks a flat list of fields and writes their lines.
 *
 * @throws FieldError when the list is no even list of strings, a name is no lower-case token, a value holds a control
 *   character, or a field is one that only the server may send (RFC 9110 §7.6.1)
 */
export function writeFields(headers: readonly string[], status: number): ResponseFields {
  const { length } = headers
  const slot = (length >> 1) & (SLOTS - 1)
  const last = lastOfLength[slot]
  if (last !== undefined && isSameList(headers, last.headers)) return last.fields
  if (!Array.isArray(headers) || length % 2 !== 0) {
    throw new FieldError('headers must be a flat list [name, value, name, value, …] of even length')
  }
  let lines = ''
  let contentLength = -1
  let close = false
  let hasDate = false
  for (let i = 0; i < length; i += 2) {
    const name = headers[i] as string
    const value = headers[i + 1] as string
    const role = known.get(name) ?? learn(name)
    if (typeof value !== 'string' || !VALUE.test(value)) throw badValue(name, value)
    switch (role) {
      case 'plain':
        break
      case 'content-length':
        if (contentLength >= 0 || !LENGTH.test(value) || !Number.isSafeInteger(Number(value))) {
          throw new FieldError(`content-length is given once, as a decimal number; came ${JSON.stringify(value)}`)
        }
        contentLength = Number(value)
        continue
      case 'connection':
        if (value.toLowerCase() !== 'close') {
          throw new FieldError(
            `the connection field is the server's; only "close" may be asked for; came ${JSON.stringify(value)}`,
          )
        }
        close = true
        continue
      case 'date':
        hasDate = true
        break
      case 'upgrade':
        if (status !== 426)
          throw new FieldError('upgrade may only be sent with status 426; to switch protocols, call server.upgrade')
        break
      case 'refused':
        throw new FieldError(`${name} is the server's to send (RFC 9110 §7.6.1); leave it out`)
    }
    lines += `${name}: ${value}\r\n`
  }
  const fields = { lines, contentLength, close, hasDate }
  // `upgrade` depends on the status; everything else is as good the next time.
  if (lines.length <= MAX_REMEMBERED && !headers.includes('upgrade'))
    lastOfLength[slot] = { headers: [...headers], fields }
  return fields
}

/**
 * The last good list of each length: an application's responses mostly have the same fields, and a list of the same strings
 * is as good as it was the last time. Copied, since the application may change its own.
 */
const SLOTS = 16
const MAX_REMEMBERED = 2048
const lastOfLength: ({ readonly headers: readonly string[]; readonly fields: ResponseFields } | undefined)[] =
  Array.from({ length: SLOTS })

function isSameList(headers: readonly string[], last: readonly string[]): boolean {
  const { length } = last
  if (headers.length !== length || !Array.isArray(headers)) return false
  for (let i = 0; i < length; i++) if (headers[i] !== last[i]) return false
  return true
}

/**
 * Lines of trailer fields (RFC 9112 §7.1.2), by the same rules; framing fields are refused.
 *
 * @throws FieldError as {@link writeFields}
 */
export function writeTrailers(trailers: readonly string[]): string {
  const { lines, contentLength, close } = writeFields(trailers, 200)
  if (contentLength >= 0 || close)
    throw new FieldError('content-length and connection may not be sent as trailers (RFC 9110 §6.5.1)')
  return lines
}

function learn(name: string): Role {
  if (typeof name !== 'string' || !LOWER_CASE_TOKEN.test(name)) {
    throw new FieldError(`a field name is a lower-case token; came ${JSON.stringify(name) ?? String(name)}`)
  }
  const role = (Object.hasOwn(ROLES, name) ? ROLES[name] : undefined) ?? 'plain'
  if (known.size < MAX_KNOWN && name.length <= 64) known.set(name, role)
  return role
}

function badValue(name: string, value: unknown): FieldError {
  const came = typeof value === 'string' ? JSON.stringify(value.slice(0, 80)) : typeof value
  return new FieldError(
    `the value of ${name} is a string of bytes (0x00–0xFF) without control characters; came ${came}. ` +
      'Encode text beyond Latin-1, for instance by encodeURIComponent.',
  )
}
