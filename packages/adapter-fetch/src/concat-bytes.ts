/** The parts one after the other; a part that is alone stays as it is. */
export function concatBytes<Part extends Uint8Array>(parts: readonly Part[]): Part | Uint8Array<ArrayBuffer> {
  const [only] = parts
  if (only !== undefined && parts.length === 1) return only
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
