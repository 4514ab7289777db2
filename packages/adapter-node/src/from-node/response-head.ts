/** The methods of a response that make its head. */
import { ServerResponse, STATUS_CODES, validateHeaderValue, type OutgoingHttpHeaders } from 'node:http'
import {
  addCheckedField,
  addField,
  closeFieldList,
  eachField,
  fieldListFor,
  lineOf,
  lowerName,
  trimmed,
  type FieldList,
  type FieldValue,
  type OutgoingFields,
} from './field-list.ts'
import { headersSent, nodeError } from './node-error.ts'
import type { Callback, SendingResponse } from './sending.ts'

function writeHead(
  this: SendingResponse,
  statusCode: number,
  reasonOrFields?: string | OutgoingFields | null,
  fieldsAfterReason?: OutgoingFields | null,
): SendingResponse {
  if (this._header) throw headersSent('write')
  const status = statusCode | 0
  if (status < 200 || status > 599) throw invalidStatus(statusCode, '200 to 599; 1xx go by writeInformation')
  let given = fieldsAfterReason
  if (typeof reasonOrFields === 'string') {
    this.statusMessage = reasonOrFields
  } else {
    this.statusMessage ||= STATUS_CODES[status] ?? 'unknown'
    given ??= reasonOrFields
  }
  this.statusCode = status
  validateHeaderValue('statusMessage', this.statusMessage)

  const sending = this.tsgiSending
  if (status === 204 || status === 304) sending.bodyless = true
  const fields = collectFields(this, status, given)
  sending.chunked = fields.chunked
  sending.declaredLength = fields.length
  this._header = `HTTP/1.1 ${status} ${this.statusMessage}\r\n`
  sending.owner.delivery.head(status, fields.list)
  return this
}

const invalidStatus = (given: unknown, expected: string) =>
  nodeError('ERR_HTTP_INVALID_STATUS_CODE', `Invalid status code: ${String(given)}; expected ${expected}`, RangeError)

function collectFields(response: SendingResponse, status: number, given: OutgoingFields | null | undefined): FieldList {
  const fields = fieldListFor(status)
  // Names and values one by one cost half of `getHeaders()`, which makes a dictionary of them.
  let names = response.getHeaderNames()
  if (given !== null && given !== undefined) {
    if (names.length === 0) {
      eachField(given, (name, value) => addField(fields, name, value))
      return closeFieldList(fields)
    }
    mergeFields(response, given)
    names = response.getHeaderNames()
  }
  for (const name of names) addCheckedField(fields, name, response.getHeader(name) as FieldValue)
  return closeFieldList(fields)
}

/** What `writeHead` is given replaces what was set before; a list may name a field twice. */
function mergeFields(response: SendingResponse, given: OutgoingFields): void {
  if (!Array.isArray(given)) {
    eachField(given, (name, value) => response.setHeader(name, value as FieldValue))
    return
  }
  eachField(given, (name) => response.removeHeader(name))
  eachField(given, (name, value) => response.appendHeader(name, value as string | readonly string[]))
}

/** 100 by reading the body, 103 by early hints; the server sends no other 1xx. */
function writeInformation(
  this: SendingResponse,
  statusCode: number,
  fields?: OutgoingFields | null,
  callback?: Callback,
): boolean {
  if (this._header) throw headersSent('write')
  if (!Number.isInteger(statusCode) || statusCode < 100 || statusCode > 199 || statusCode === 101) {
    throw invalidStatus(statusCode, '100, 102 or 103')
  }
  const { request, server } = this.tsgiSending.owner
  if (statusCode === 100) request.read(0)
  if (statusCode === 103) {
    const hints = fieldListFor(statusCode)
    eachField(fields ?? {}, (name, value) => addField(hints, name, value))
    server.earlyHints?.(hints.list)
  }
  if (callback !== undefined) process.nextTick(callback, null)
  return true
}

/** As a newer Node's own three, which go by `writeInformation`; those of Node 22 write to the socket. */
const INFORMATION_METHODS = {
  writeContinue(this: SendingResponse, callback?: Callback): void {
    writeInformation.call(this, 100, null, callback)
  },
  writeProcessing(this: SendingResponse, callback?: Callback): void {
    writeInformation.call(this, 102, null, callback)
  },
  writeEarlyHints(this: SendingResponse, hints: OutgoingHttpHeaders, callback?: Callback): void {
    const { link } = hints
    if (link === null || link === undefined || (Array.isArray(link) && link.length === 0)) return
    writeInformation.call(this, 103, hints as OutgoingFields, callback)
  },
}

/** What Node 22 lacks on a response; nothing in a newer Node. */
export const informationMethods: Partial<typeof INFORMATION_METHODS> =
  'writeInformation' in ServerResponse.prototype ? {} : INFORMATION_METHODS

function flushHeaders(this: SendingResponse): void {
  if (this.finished || this.destroyed) return
  if (!this._header) this.writeHead(this.statusCode)
  const sending = this.tsgiSending
  if (sending.bodyless) {
    sending.owner.delivery.whole(null)
    return
  }
  sending.inPieces = true
  sending.owner.delivery.flush()
}

function addTrailers(
  this: SendingResponse,
  trailers: OutgoingHttpHeaders | readonly (readonly [string, string])[],
): void {
  const list: string[] = []
  eachField(trailers as OutgoingFields, (name, value) => {
    // As node:http: a list of several values is a line for each, and an empty list is an empty value.
    const members: readonly unknown[] = !Array.isArray(value) ? [value] : value.length > 0 ? value : ['']
    for (const member of members) {
      const text = lineOf(member)
      validateHeaderValue(name, text)
      list.push(lowerName(name), trimmed(text))
    }
  })
  this.tsgiSending.trailers = list
}

/** Each is called on a response. */
export const headMethods: {
  readonly writeHead: typeof writeHead
  readonly writeInformation: typeof writeInformation
  readonly flushHeaders: typeof flushHeaders
  readonly addTrailers: typeof addTrailers
} = { writeHead, writeInformation, flushHeaders, addTrailers }
