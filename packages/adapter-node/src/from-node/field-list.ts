/**
 * Turns the fields a listener has set into the flat list of TSGI: names in lower case, and without those that say how
 * the message is framed or how long the connection lives, which are the server's (SPEC "Hop-by-hop fields").
 */
import { validateHeaderName, validateHeaderValue } from 'node:http'
import { remembered } from '../remembered.ts'
import { nodeError } from './node-error.ts'

/** What Node's types allow. Programs give it anything: `true`, `null`, a `Date`, a `Buffer` (see {@link lineOf}). */
export type FieldValue = number | string | readonly string[]

/** An object, a flat array `[name, value, …]`, or an array of pairs. */
export type OutgoingFields = Readonly<Record<string, FieldValue | undefined>> | readonly unknown[]

export interface FieldList {
  readonly status: number
  list: string[]
  /** Chunked coding was asked for, or trailers were announced, which need it. */
  chunked: boolean
  announcesTrailers: boolean
  /** Declared by the listener, or `null`. */
  length: number | null
}

export const fieldListFor = (status: number): FieldList => ({
  status,
  list: [],
  chunked: false,
  announcesTrailers: false,
  length: null,
})

/** @throws as `setHeader` does, where it is no token */
export const lowerName: (name: string) => string = remembered((name) => {
  validateHeaderName(name)
  return name.toLowerCase()
})

/** Adds a field as `writeHead` was given it. */
export function addField(fields: FieldList, name: string, value: FieldValue | undefined): void {
  const lower = lowerName(name)
  if (Array.isArray(value)) for (const member of value as readonly string[]) validateHeaderValue(name, member)
  else validateHeaderValue(name, value as string)
  addCheckedField(fields, lower, value as FieldValue)
}

/** Adds a field that `setHeader` has checked. */
export function addCheckedField(fields: FieldList, lower: string, value: FieldValue): void {
  if (typeof value === 'string') addLine(fields, lower, value)
  else if (!Array.isArray(value)) addLine(fields, lower, lineOf(value))
  // As node:http: a cookie list is one field, any other list is a field for each value.
  else if (lower === 'cookie' && value.length > 1) addLine(fields, lower, value.join('; '))
  else for (const member of value as readonly unknown[]) addLine(fields, lower, lineOf(member))
}

/**
 * The text that a value of any kind is sent as. Concatenated, as node:http does it, where `String` would give another
 * text for an object with `valueOf`.
 */
export const lineOf = (value: unknown): string => (typeof value === 'string' ? value : '' + (value as string))

const CLOSE = /(?:^|\W)close(?:$|\W)/i
const CHUNKED = /(?:^|\W)chunked(?:$|\W)/i

/** Without outer whitespace, which is no part of a value (RFC 9110 §5.5) and which a TSGI server refuses. */
export function trimmed(value: string): string {
  let start = 0
  let end = value.length
  // A regular expression for the end would try every blank inside the value: quadratic.
  while (end > start && isBlank(value.charCodeAt(end - 1))) end -= 1
  while (start < end && isBlank(value.charCodeAt(start))) start += 1
  return end - start === value.length ? value : value.slice(start, end)
}

const isBlank = (code: number): boolean => code === 0x20 || code === 0x09

function addLine(fields: FieldList, lower: string, value: string): void {
  switch (lower) {
    case 'connection':
      if (CLOSE.test(value)) fields.list.push(lower, 'close')
      return
    case 'transfer-encoding':
      if (CHUNKED.test(value)) fields.chunked = true
      return
    case 'keep-alive':
    case 'proxy-connection':
    case 'te':
      return
    case 'upgrade':
      if (fields.status !== 426) return
      break
    case 'content-length':
      // 9110 §8.6: never in a 204
      if (fields.status === 204) return
      fields.length = Number(value)
      break
    case 'trailer':
      fields.announcesTrailers = true
      break
    default:
  }
  fields.list.push(lower, trimmed(value))
}

/**
 * Settles what the fields say together.
 *
 * @throws NodeError `ERR_HTTP_TRAILER_INVALID` when trailers are announced for a body that will not be chunked
 */
export function closeFieldList(fields: FieldList): FieldList {
  if (fields.length !== null && fields.chunked) {
    // 9112 §6.2: never both
    fields.list = fields.list.filter((_, i, list) => list[i - (i % 2)] !== 'content-length')
    fields.length = null
  }
  if (!fields.announcesTrailers) return fields
  if (fields.length !== null) {
    throw nodeError('ERR_HTTP_TRAILER_INVALID', 'Trailers are invalid with this transfer encoding')
  }
  fields.chunked = true
  return fields
}

/** Calls `take` for each field in one of the shapes that `writeHead` takes. */
export function eachField(fields: OutgoingFields, take: (name: string, value: FieldValue | undefined) => void): void {
  if (!Array.isArray(fields)) {
    const table = fields as Readonly<Record<string, FieldValue | undefined>>
    for (const name of Object.keys(table)) take(name, table[name])
  } else if (Array.isArray(fields[0])) {
    for (const [name, value] of fields as readonly (readonly [string, FieldValue])[]) take(name, value)
  } else if (fields.length % 2 === 0) {
    for (let i = 0; i < fields.length; i += 2) take(fields[i] as string, fields[i + 1] as FieldValue)
  } else {
    throw nodeError(
      'ERR_INVALID_ARG_VALUE',
      `The argument 'headers' is invalid. A flat list has a value for each name; received ${fields.length} members.`,
      TypeError,
    )
  }
}
