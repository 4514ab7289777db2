import { isIP } from 'node:net'

/** Whether a host is one of `settings.allowedHosts`. Names have no case, and may end in the dot of the root. */
export function allowsHost(allowed: readonly string[], host: string): boolean {
  if (allowed.includes('*') || allowed.includes(host)) return true
  if (allowed.includes('ip') && isIP(host.startsWith('[') ? host.slice(1, -1) : host) !== 0) return true
  const name = (host.endsWith('.') ? host.slice(0, -1) : host).toLowerCase()
  return allowed.some((entry) => {
    const expected = entry.toLowerCase()
    return expected.startsWith('.') ? name === expected.slice(1) || name.endsWith(expected) : name === expected
  })
}
