/**
 * What a TSGI server refuses of the fields that an application sends, validator or not: SPEC H.1 to H.3, H.6, L.3.
 */
import type { HeaderList } from '@tsgi/spec'

export interface CheckedFields {
  readonly list: HeaderList
  /** As declared; -1 where it was not. */
  readonly contentLength: number
  /** All values are ASCII. */
  readonly ascii: boolean
}

/** An application broke a rule of the interface. */
export class ApplicationError extends Error {
  override readonly name = 'ApplicationError'
  readonly code = 'TSGI_ERR_RESPONSE'
}

/** The application ended its response before it was complete. */
export class UnfinishedError extends ApplicationError {}

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/
/** Bytes but for control characters other than tab, without outer whitespace. */
const VALUE = /^(?:[!-~\x80-\xFF](?:[\t -~\x80-\xFF]*[!-~\x80-\xFF])?)?$/
const WIDE = /[\x80-\xFF]/
const LENGTH = /^(?:0|[1-9][0-9]{0,15})$/
const HOP_BY_HOP: ReadonlySet<string> = new Set(['keep-alive', 'proxy-connection', 'te', 'transfer-encoding'])
const NOT_IN_TRAILERS: ReadonlySet<string> = new Set([
  'authorization',
  'connection',
  'content-encoding',
  'content-length',
  'content-range',
  'content-type',
  'host',
  'set-cookie',
  'trailer',
])

/** @throws ApplicationError */
export function checkFields(list: HeaderList, status: number): CheckedFields {
  if (!Array.isArray(list) || list.length % 2 !== 0) {
    throw new ApplicationError('headers are a flat list [name, value, name, value, …]; what came is not')
  }
  let contentLength = -1
  let ascii = true
  for (let i = 0; i < list.length; i += 2) {
    const name: string = list[i]
    const value: string = list[i + 1]
    checkField(name, value)
    if (ascii && WIDE.test(value)) ascii = false
    if (name === 'content-length') {
      if (contentLength >= 0 || !LENGTH.test(value)) {
        throw new ApplicationError(`content-length is one decimal number; came ${JSON.stringify(value)}`)
      }
      contentLength = Number(value)
    } else if (isRefused(name, value, status)) {
      throw new ApplicationError(`${name} is the server's to send; came ${JSON.stringify(value)}`)
    }
  }
  return { list, contentLength, ascii }
}

/** @throws ApplicationError */
export function checkTrailers(list: HeaderList): HeaderList {
  const { contentLength } = checkFields(list, 200)
  for (let i = 0; i < list.length; i += 2) {
    if (contentLength >= 0 || NOT_IN_TRAILERS.has(list[i] as string)) {
      throw new ApplicationError(`${list[i]} cannot be a trailer (RFC 9110 §6.5.1)`)
    }
  }
  return list
}

function checkField(name: unknown, value: unknown): void {
  if (typeof name !== 'string' || !TOKEN.test(name)) {
    throw new ApplicationError(`a field name is a token in lower case; came ${JSON.stringify(name)}`)
  }
  if (typeof value !== 'string' || !VALUE.test(value)) {
    throw new ApplicationError(
      `the value of ${name} is a string of bytes without control characters or outer whitespace; came ${JSON.stringify(value)}`,
    )
  }
}

function isRefused(name: string, value: string, status: number): boolean {
  if (HOP_BY_HOP.has(name)) return true
  if (name === 'connection') return value.toLowerCase() !== 'close'
  return name === 'upgrade' && status !== 426
}
