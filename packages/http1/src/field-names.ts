/**
 * Field names of requests: from the bytes of the wire to one shared lower-case string, with what the framing needs to
 * know of the name. A capped map makes this one look-up for every name that was seen before.
 */
import { TOKEN_PATTERN } from './byte-classes.ts'

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

const MAX_KNOWN = 1024
const MAX_KNOWN_SIZE = 64
const known = new Map<string, FieldName>()

/** The name as sent to its shared form; `null` when it is no token (RFC 9110 §5.1). */
export function fieldName(raw: string): FieldName | null {
  return known.get(raw) ?? learn(raw)
}

function learn(raw: string): FieldName | null {
  if (!TOKEN_PATTERN.test(raw)) return null
  const name = raw.toLowerCase()
  const entry: FieldName = { name, role: roleOf(name) }
  // Capped: names are the client's choice, and it must not be able to fill our memory with them.
  if (known.size < MAX_KNOWN && raw.length <= MAX_KNOWN_SIZE)
    known.set(Buffer.from(raw, 'latin1').toString('latin1'), entry)
  return entry
}

function roleOf(name: string): FieldRole {
  const role = Object.hasOwn(ROLES, name) ? ROLES[name] : undefined
  if (role !== undefined) return role
  const dashed = name.replaceAll('_', '-')
  return dashed === 'content-length' || dashed === 'transfer-encoding' ? 'look-alike' : 'plain'
}
