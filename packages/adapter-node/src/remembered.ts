/**
 * A function of names with its results kept: names repeat from request to request. Only so many, since strangers can
 * make names up.
 */
export function remembered(compute: (name: string) => string): (name: string) => string {
  const results = new Map<string, string>()
  return (name) => {
    const known = results.get(name)
    if (known !== undefined) return known
    const result = compute(name)
    if (results.size < MAX_NAMES) results.set(name, result)
    return result
  }
}

const MAX_NAMES = 1000
