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
  if (!(headers instanceof Headers)) return foreignFields(headers)
  const fields: string[] = []
  // By hand, which makes a third less garbage than `forEach`.
  const entries = headers.entries()
  for (let entry = entries.next(); !entry.done; entry = entries.next()) fields.push(entry.value[0], entry.value[1])
  return fields
}

/** Of a class that is not the platform's, such as GraphQL Yoga's: its names keep their case, and it may join cookies. */
function foreignFields(headers: Headers): string[] {
  const fields: string[] = []
  const { getSetCookie } = headers as Partial<Headers>
  const cookies = getSetCookie?.call(headers) ?? []
  for (const [name, value] of headers) {
    const lower = name.toLowerCase()
    if (lower !== 'set-cookie' || cookies.length === 0) fields.push(lower, value)
  }
  for (const cookie of cookies) fields.push('set-cookie', cookie)
  return fields
}
