/** Fields whose values are secrets. */
const SECRET = /cookie|authorization|token|secret|key|password/i

/** The fields of a request as rows, the values of secret ones hidden: a page may end up in a bug report. */
export function visibleFields(headers: readonly string[]): readonly (readonly [name: string, value: string])[] {
  return headers.flatMap((name, at) =>
    at % 2 === 0 ? [[name, SECRET.test(name) ? '(hidden)' : (headers[at + 1] as string)] as const] : [],
  )
}
