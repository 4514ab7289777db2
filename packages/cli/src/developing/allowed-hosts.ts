/**
 * Answers 403 to requests for hosts that this server does not serve, as a layer: `tsgi/allowed-hosts`. A page of a foreign site
 * whose name resolves to 127.0.0.1 (DNS rebinding) could otherwise read what a development server shows.
 */
import { isIP } from 'node:net'
import type { Layer } from '@tsgi/loader'
import { header, withLifespan, type Application } from '@tsgi/spec'

/** Besides localhost and IP addresses: names, `.example.com` for a domain with all below it, or `*` for every host. */
export type AllowedHosts = { readonly hosts: readonly string[] }

const allowedHosts: Layer<AllowedHosts> = (application, { hosts }) => {
  if (application === null) throw new TypeError('expected an application behind the check of hosts, got none')
  const check: Application = (environ, startResponse) => {
    const host = header(environ, 'host')
    // Without the field it is no browser: every one of them sends it.
    if (host === undefined || isAllowedHost(host, hosts)) return application(environ, startResponse)
    startResponse(403, ['content-type', 'text/plain; charset=utf-8', 'x-content-type-options', 'nosniff'])
    return refusal(host)
  }
  return withLifespan(check, application)
}

export default allowedHosts

/** Whether a value of the Host field names this machine, an address, or one of the hosts that are allowed. */
export function isAllowedHost(field: string, allowed: readonly string[]): boolean {
  const name = hostName(field)
  if (name === undefined) return false
  // A name that is an address cannot be made to resolve to another one.
  if (isIP(name) !== 0 || name === 'localhost' || name.endsWith('.localhost')) return true
  return allowed.some((one) => {
    const wanted = one.toLowerCase()
    if (wanted === '*') return true
    return wanted.startsWith('.') ? name === wanted.slice(1) || name.endsWith(wanted) : name === wanted
  })
}

/** The name in a Host field, without its port, in lower case; `undefined` where it is not one. */
function hostName(field: string): string | undefined {
  const [, bracketed, plain] = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::\d*)?$/.exec(field.trim()) ?? []
  return (bracketed ?? plain)?.toLowerCase().replace(/\.$/, '')
}

function refusal(host: string): string {
  const name = hostName(host) ?? host
  return `403 Forbidden

This server answers requests for localhost, for IP addresses, and for the hosts of --allowed-hosts. This request is for "${name}".
If that is your host, start the server with --allowed-hosts ${name}
`
}
