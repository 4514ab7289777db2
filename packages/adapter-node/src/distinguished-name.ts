/** Attributes of a distinguished name as RFC 4514 writes it. */

/** An attribute that is there more than once is an array, as in Node's `getPeerCertificate().subject`. */
export type Attributes = Readonly<Record<string, string | string[]>>

export function attributesOf(name: string): Attributes {
  const found: Record<string, string | string[]> = Object.create(null) as Record<string, string | string[]>
  for (const attribute of attributesIn(name).toReversed()) {
    const equals = attribute.indexOf('=')
    if (equals < 0) continue
    const type = attribute.slice(0, equals)
    const value = unescaped(attribute.slice(equals + 1))
    const before = found[type]
    found[type] = before === undefined ? value : [before, value].flat()
  }
  return found
}

/** Cut at commas and plus signs that are not escaped. */
function attributesIn(name: string): string[] {
  const attributes: string[] = []
  let start = 0
  for (let at = 0; at <= name.length; at++) {
    const character = name[at]
    if (character === '\\') at++
    else if (character === ',' || character === '+' || character === undefined) {
      attributes.push(name.slice(start, at))
      start = at + 1
    }
  }
  return attributes
}

const unescaped = (value: string): string =>
  value.replaceAll(/((?:\\[0-9A-Fa-f]{2})+)|\\(.)/gs, (_, bytes: string | undefined, character: string) =>
    bytes === undefined ? character : Buffer.from(bytes.replaceAll('\\', ''), 'hex').toString(),
  )
