import type { HeaderList } from '@tsgi/spec'

/** A flat list as `Headers`. */
export function toHeaders(fields: HeaderList): Headers {
  const headers = new Headers()
  appendFields(headers, fields)
  return headers
}

/** Half the cost of a `headers` init, which would have to be a list of pairs. */
export function appendFields(headers: Headers, fields: HeaderList): void {
  for (let i = 0; i < fields.length; i += 2) headers.append(fields[i] as string, fields[i + 1] as string)
}

/** `Headers` as a flat list: sorted by name, `set-cookie` once for each cookie. */
export function toFields(headers: Headers): string[] {
  const fields: string[] = []
  // By hand, which makes a third less garbage than `forEach`.
  const entries = headers.entries()
  for (let entry = entries.next(); !entry.done; entry = entries.next()) fields.push(entry.value[0], entry.value[1])
  return fields
}
