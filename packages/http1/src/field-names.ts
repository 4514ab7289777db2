/**
 * Field names of requests: from the bytes of the wire to one shared lower-case string, with what the framing needs to
 * know of the name.
 */
/** What a name means to the parser. */
export type FieldRole =
  | 'plain'
  | 'host'
  | 'content-length'
  | 'transfer-encoding'
  | 'connection'
  | 'expect'
  | 'upgrade'
  /** Says something of its connection or of the head: never in trailers. */
  | 'head-only'
  /** `content_length`: a gateway that maps `-` and `_` alike would take it for the real one. */
  | 'look-alike'

export interface FieldName {
  readonly name: string
  readonly role: FieldRole
}

const ROLES: Readonly<Record<string, FieldRole>> = {
  host: 'host',
  'content-length': 'content-length',
  'transfer-encoding': 'transfer-encoding',
  connection: 'connection',
  expect: 'expect',
  upgrade: 'upgrade',
  te: 'head-only',
  trailer: 'head-only',
  'keep-alive': 'head-only',
  'proxy-connection': 'head-only',
  authorization: 'head-only',
  cookie: 'head-only',
  'content-encoding': 'head-only',
  'content-type': 'head-only',
  'content-range': 'head-only',
}

interface CachedName extends FieldName {
  /** As it came, in whatever case. */
  readonly raw: Uint8Array
}

/**
 * Names as they came, each in the one slot that its length and outer letters give: a look-up makes no string. Its size is
 * fixed, since names are the client's choice and must not fill our memory.
 */
const SLOTS = 1024
const MAX_CACHED_SIZE = 64
const cache: (CachedName | undefined)[] = Array.from({ length: SLOTS })

/** The name in `bytes` from `start` to `end`, which are token bytes (RFC 9110 §5.1), as its shared form. */
export function fieldName(bytes: Buffer, start: number, end: number): FieldName {
  const length = end - start
  const slot =
    (length * 67 +
      (bytes[start] as number) * 13 +
      (bytes[end - 1] as number) * 31 +
      (bytes[start + (length >> 1)] as number)) &
    (SLOTS - 1)
  const cached = cache[slot]
  if (cached !== undefined && cached.raw.length === length) {
    const { raw } = cached
    let i = 0
    while (i < length && raw[i] === bytes[start + i]) i++
    if (i === length) return cached
  }
  const name = interned(bytes.toString('latin1', start, end).toLowerCase())
  const learnt: CachedName = { name, role: fieldRole(name), raw: Uint8Array.prototype.slice.call(bytes, start, end) }
  if (length <= MAX_CACHED_SIZE) cache[slot] = learnt
  return learnt
}

/** The engine's one string for a text, which is what literals are: comparing with them is then comparing pointers. */
function interned(text: string): string {
  return Object.keys({ [text]: null })[0] ?? text
}

/** What a name means, in lower case. */
export function fieldRole(name: string): FieldRole {
  const role = Object.hasOwn(ROLES, name) ? ROLES[name] : undefined
  if (role !== undefined) return role
  const dashed = name.replaceAll('_', '-')
  return dashed === 'content-length' || dashed === 'transfer-encoding' ? 'look-alike' : 'plain'
}
