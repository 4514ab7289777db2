/**
 * Whether a page under these Content-Security-Policy fields may load a script of its own origin and connect to it. In doubt it
 * may not: then the page stays as it is.
 */
export function allowsOwnScript(policies: readonly string[]): boolean {
  return policies.flatMap((field) => field.split(',')).every(allows)
}

function allows(policy: string): boolean {
  const directives = new Map<string, readonly string[]>()
  for (const directive of policy.split(';')) {
    const [name, ...sources] = directive.trim().toLowerCase().split(/\s+/)
    // Of a directive that is given twice, the first counts (CSP3 §2.2.1).
    if (name !== undefined && name !== '' && !directives.has(name)) directives.set(name, sources)
  }
  const sandbox = directives.get('sandbox')
  if (sandbox !== undefined && !(sandbox.includes('allow-scripts') && sandbox.includes('allow-same-origin')))
    return false
  const scripts = directives.get('script-src-elem') ?? directives.get('script-src') ?? directives.get('default-src')
  const connections = directives.get('connect-src') ?? directives.get('default-src')
  return allowsSelf(scripts) && allowsSelf(connections)
}

function allowsSelf(sources: readonly string[] | undefined): boolean {
  if (sources === undefined) return true
  // With 'strict-dynamic', hosts and 'self' do not count (CSP3 §6.7.2.4).
  return sources.includes("'self'") && !sources.includes("'strict-dynamic'")
}
