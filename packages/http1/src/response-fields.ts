/** The lines of checked fields. The server that sends the fields of an application checks them first, with `@tsgi/exchange`. */

/** Fields of a response as the head needs them. */
export interface ResponseFields {
  /** `name: value CRLF` of each, one character per byte, without those that framing decides: `content-length`, `connection`. */
  readonly lines: string
  /** The application asked for `connection: close`. */
  readonly close: boolean
  readonly hasDate: boolean
}

/**
 * Writes a flat list of fields as lines, without `content-length` and `connection`, which {@link writeResponseHead} writes.
 *
 * Names and values are written as they are. A CR or LF in them would let them write further fields, so they must have been
 * checked.
 */
export function fieldLines(list: readonly string[]): string {
  let lines = ''
  for (let i = 0; i < list.length; i += 2) {
    const name = list[i] as string
    if (name !== 'content-length' && name !== 'connection') lines += `${name}: ${list[i + 1]}\r\n`
  }
  return lines
}
