/** The boundary that a content-type names (RFC 2046 §5.1.1). */
import { FormError } from './form-error.ts'
import { trimBlanks } from './list-members.ts'

const PARAMETER = /^;[ \t]*(?:([\w!#$%&'*+.^|~`-]+)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*)))?[ \t]*/
// At most 70 characters, and no space at the end.
const BOUNDARY = /^[\w'()+,./:=? -]{0,69}[\w'()+,./:=?-]$/

/** @throws FormError 415 where the type is another, 400 where it names no boundary, more than one, or a bad one */
export function boundaryOf(contentType: string): string {
  const semicolon = contentType.indexOf(';')
  const type = trimBlanks(semicolon === -1 ? contentType : contentType.slice(0, semicolon)).toLowerCase()
  if (type !== 'multipart/form-data') {
    throw new FormError(415, `a multipart/form-data body was expected, got "${contentType}"`)
  }
  let boundary: string | undefined
  let rest = semicolon === -1 ? '' : contentType.slice(semicolon)
  while (rest !== '') {
    const [whole, name, quoted, token] = PARAMETER.exec(rest) ?? []
    if (whole === undefined) throw refusal('content-type could not be read')
    if (name?.toLowerCase() === 'boundary') {
      if (boundary !== undefined) throw refusal('content-type named more than one')
      boundary = quoted?.replaceAll(/\\(.)/g, '$1') ?? token ?? ''
    }
    rest = rest.slice(whole.length)
  }
  if (boundary === undefined) throw refusal('content-type named none')
  if (!BOUNDARY.test(boundary)) throw refusal(`got ${boundary.length} characters that are not`)
  return boundary
}

const refusal = (got: string): FormError =>
  new FormError(
    400,
    `a multipart form was expected to name its boundary, 1 to 70 characters of RFC 2046 §5.1.1; ${got}`,
  )
