/**
 * The fields that an application sends (SPEC H.1 to H.3, H.6, L.3, U.4): checked while `startResponse` runs, so that the
 * error has the application's line in its stack (S.6).
 */
import type { HeaderList } from '@tsgi/spec'
import { FieldError } from './errors.ts'

/** A list of fields that keeps the rules. */
export interface CheckedFields {
  readonly list: HeaderList
  /** As declared; -1 where the list has no `content-length`. */
  readonly contentLength: number
  /** The application asked for `connection: close`. */
  readonly close: boolean
  readonly hasDate: boolean
}

type Role = 'plain' | 'content-length' | 'connection' | 'date' | 'upgrade' | 'hop-by-hop'

const ROLES: Readonly<Record<string, Role>> = {
  'content-length': 'content-length',
  connection: 'connection',
  date: 'date',
  upgrade: 'upgrade',
  'keep-alive': 'hop-by-hop',
  'proxy-connection': 'hop-by-hop',
  'transfer-encoding': 'hop-by-hop',
  te: 'hop-by-hop',
}

/** 9110 §6.5.1: framing, routing, authentication, request modifiers, and how the content is to be read. */
const NOT_IN_TRAILERS: ReadonlySet<string> = new Set([
  'age',
  'authorization',
  'cache-control',
  'connection',
  'content-encoding',
  'content-length',
  'content-range',
  'content-type',
  'date',
  'expires',
  'host',
  'location',
  'proxy-authenticate',
  'retry-after',
  'set-cookie',
  'trailer',
  'upgrade',
  'vary',
  'www-authenticate',
])

const LOWER_CASE_TOKEN = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/
// 9110 §5.5: bytes without controls but tab, and no character above 0xFF, which cut to a byte could become a line end.
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/
const DIGITS = /^[0-9]+$/

// Names that were found good. Limited, since an application may make names up.
const MAX_KNOWN = 1024
const known = new Map<string, Role>()

/**
 * Checks the fields of a response.
 *
 * @throws FieldError when the list is no flat list of even length, a name is no lower-case token, a value holds a control
 *   character or begins or ends with whitespace, `content-length` is no decimal number or there are two, or a field is one
 *   that only the server may send (RFC 9110 §7.6.1)
 */
export function checkFields(list: HeaderList, status: number): CheckedFields {
  if (!Array.isArray(list) || list.length % 2 !== 0) {
    throw new FieldError(`expected a flat list [name, value, name, value, …] of even length, got ${described(list)}`)
  }
  let contentLength = -1
  let close = false
  let hasDate = false
  let canonical = true
  for (let i = 0; i < list.length; i += 2) {
    const name: string = list[i]
    const value: string = list[i + 1]
    const role = known.get(name) ?? learn(name)
    if (typeof value !== 'string' || !VALUE.test(value) || hasOuterSpace(value)) throw badValue(name, value)
    switch (role) {
      case 'plain':
        break
      case 'content-length':
        if (contentLength >= 0) throw new FieldError('expected one content-length, got two')
        contentLength = lengthOf(value)
        canonical &&= value === String(contentLength)
        break
      case 'connection':
        if (value.toLowerCase() !== 'close') {
          throw new FieldError(
            `connection is the server's to send; an application may only send "close", got ${JSON.stringify(value)}`,
          )
        }
        close = true
        break
      case 'date':
        hasDate = true
        break
      case 'upgrade':
        if (status !== 426) {
          throw new FieldError(
            `upgrade may only be sent with status 426, got ${status}; to switch protocols, call server.upgrade`,
          )
        }
        break
      case 'hop-by-hop':
        throw new FieldError(`${name} is the server's to send (RFC 9110 §7.6.1); leave it out`)
    }
  }
  return { list: canonical ? list : withLength(list, contentLength), contentLength, close, hasDate }
}

/**
 * Checks the fields that follow a body, by the same rules and those of RFC 9110 §6.5.1.
 *
 * @throws FieldError as {@link checkFields}, and for a field that may not be sent as a trailer
 */
export function checkTrailers(list: HeaderList): CheckedFields {
  const fields = checkFields(list, 200)
  for (let i = 0; i < list.length; i += 2) {
    const name = list[i] as string
    if (NOT_IN_TRAILERS.has(name)) throw new FieldError(`${name} may not be sent as a trailer (RFC 9110 §6.5.1)`)
  }
  return fields
}

/** The list with this `content-length`, or with none where it is -1; as `contentLength` of an exchange says. */
export function withContentLength({ list, contentLength }: CheckedFields, length: number): HeaderList {
  if (length === contentLength) return list
  const others = contentLength < 0 ? list : list.filter((_, i) => list[i & ~1] !== 'content-length')
  return length < 0 ? others : [...others, 'content-length', String(length)]
}

/** Checks lists and gives them in a host's own form. The same list as before costs a comparison. */
export interface FieldPreparer<Form> {
  (list: HeaderList, status: number): Form
}

/**
 * Remembers the last good list of each length and its form: an application's responses mostly have the same fields, and a
 * list of the same strings is as good as it was the last time. Copied, since the application may change its own.
 */
export function fieldPreparer<Form>(form: (fields: CheckedFields) => Form): FieldPreparer<Form> {
  const lastOfLength: ({ readonly list: HeaderList; readonly form: Form } | undefined)[] = Array.from({ length: SLOTS })
  return (list, status) => {
    const slot = (list?.length >> 1) & (SLOTS - 1)
    const last = lastOfLength[slot]
    if (last !== undefined && isSameList(list, last.list)) return last.form
    const made = form(checkFields(list, status))
    // What `upgrade` may be depends on the status; everything else is as good the next time.
    if (sizeOf(list) <= MAX_REMEMBERED && !list.includes('upgrade'))
      lastOfLength[slot] = { list: [...list], form: made }
    return made
  }
}

const SLOTS = 16
/** Characters. */
const MAX_REMEMBERED = 2048

function isSameList(list: HeaderList, last: HeaderList): boolean {
  const { length } = last
  if (list.length !== length || !Array.isArray(list)) return false
  for (let i = 0; i < length; i++) if (list[i] !== last[i]) return false
  return true
}

function sizeOf(list: HeaderList): number {
  let size = 0
  for (const text of list) size += text.length
  return size
}

function learn(name: unknown): Role {
  if (typeof name !== 'string' || !LOWER_CASE_TOKEN.test(name)) {
    throw new FieldError(
      `expected a field name in lower case without spaces or separators, got ${JSON.stringify(name) ?? String(name)}`,
    )
  }
  const role = (Object.hasOwn(ROLES, name) ? ROLES[name] : undefined) ?? 'plain'
  if (known.size < MAX_KNOWN && name.length <= 64) known.set(name, role)
  return role
}

const SPACE = 0x20
const TAB = 0x09

function hasOuterSpace(value: string): boolean {
  const { length } = value
  if (length === 0) return false
  const first = value.charCodeAt(0)
  const last = value.charCodeAt(length - 1)
  return first === SPACE || first === TAB || last === SPACE || last === TAB
}

// 9110 §8.6: 1*DIGIT
function lengthOf(value: string): number {
  const length = DIGITS.test(value) ? Number(value) : Number.NaN
  if (Number.isSafeInteger(length)) return length
  throw new FieldError(
    `expected a decimal number of bytes as content-length, got ${JSON.stringify(value.slice(0, 80))}`,
  )
}

const withLength = (list: HeaderList, length: number): HeaderList =>
  list.map((text, i) => (i % 2 === 1 && list[i - 1] === 'content-length' ? String(length) : text))

function badValue(name: string, value: unknown): FieldError {
  return new FieldError(
    `expected a string of bytes (0x00–0xFF) without control characters or outer whitespace as the value of ${name}, ` +
      `got ${described(value)}. Encode text beyond Latin-1, for instance with encodeURIComponent.`,
  )
}

function described(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 80))
  if (value === null) return 'null'
  return Array.isArray(value) ? `a list of ${value.length}` : typeof value
}
