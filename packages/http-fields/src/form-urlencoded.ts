import { readBytes, type ByteSource } from './form-bytes.ts'
import { FormError } from './form-error.ts'
import { formLimits, type FormLimits } from './form-limits.ts'

/**
 * Reads an `application/x-www-form-urlencoded` body as browsers write it (WHATWG URL §5.1): a bad escape stays as it is,
 * and bytes that are no UTF-8 become U+FFFD.
 *
 * @throws FormError with status 413 over `maxFieldsSize` or `maxFields`
 */
export async function readUrlEncoded(source: ByteSource, limits: Partial<FormLimits> = {}): Promise<URLSearchParams> {
  const { maxFields, maxFieldsSize } = formLimits(limits)
  const body = decoder.decode(await readBytes(source, maxFieldsSize))
  // The constructor would drop a question mark at the start.
  const fields = new URLSearchParams(`&${body}`)
  if (fields.size > maxFields)
    throw new FormError(413, `a form of at most ${maxFields} fields was expected, got ${fields.size}`)
  return fields
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
