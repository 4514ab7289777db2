import type { HeaderList } from '@tsgi/spec'

/** Fields of the connection, which are the server's own (RFC 9110 §7.6.1). */
function isHopByHop(name: string | undefined, value: string | undefined, status: number): boolean {
  switch (name) {
    case 'connection':
      return value?.toLowerCase() !== 'close'
    case 'upgrade':
      return status !== 426
    case 'keep-alive':
    case 'proxy-connection':
    case 'te':
    case 'transfer-encoding':
      return true
    default:
      return false
  }
}

/**
 * The fields of a response without those that are the server's own: on Node's server an app may set them, and Hono's
 * streaming helpers do.
 */
export function endToEnd(fields: HeaderList, status: number): HeaderList {
  for (let i = 0; i < fields.length; i += 2) {
    if (!isHopByHop(fields[i], fields[i + 1], status)) continue
    return fields.filter((_, at) => !isHopByHop(fields[at & ~1], fields[at | 1], status))
  }
  return fields
}

/**
 * Checks what an application passes to `startResponse`, as every server does; values and the characters of names are left
 * to `Headers`.
 *
 * @throws TypeError or RangeError that says what is wrong
 */
export function checkHead(status: number, fields: HeaderList): void {
  if (!Number.isInteger(status) || status < 200 || status > 599) {
    throw new RangeError(`startResponse takes a status from 200 to 599; got ${status}`)
  }
  if (fields.length % 2 !== 0) {
    throw new TypeError(
      `A header list is names and values in turn; got an odd number of elements: ${fields.join(', ')}`,
    )
  }
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i] as string
    if (name !== name.toLowerCase()) throw new TypeError(`Names of fields are lower-case; got '${name}'`)
    if (isHopByHop(name, fields[i + 1], status)) {
      throw new TypeError(`The field '${name}: ${fields[i + 1]}' is the server's own; leave it out`)
    }
  }
}
