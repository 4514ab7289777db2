/**
 * Flat list `[name, value, name, value, …]`. Names are lower-case and a name may repeat, in the order of the wire.
 * Values hold one character per byte, up to 0xFF: field values are bytes, not text. Frozen once passed: the receiver never
 * mutates it, and the sender does so no more.
 */
export type HeaderList = readonly string[]

/**
 * The value of the first field called `name` (lower-case), or `undefined`.
 *
 * @example header(environ, 'content-type')
 */
export function header(message: { readonly headers: HeaderList } | HeaderList, name: string): string | undefined {
  const list = 'headers' in message ? message.headers : message
  for (let i = 0; i < list.length; i += 2) if (list[i] === name) return list[i + 1]
  return undefined
}

/** The values of all fields called `name` (lower-case), in order; empty when there is none. */
export function headers(message: { readonly headers: HeaderList } | HeaderList, name: string): string[] {
  const list = 'headers' in message ? message.headers : message
  const values: string[] = []
  for (let i = 0; i < list.length; i += 2) if (list[i] === name) values.push(list[i + 1] as string)
  return values
}
