import inspector from 'node:inspector'
import { ServeError } from '@tsgi/spec/server'
import { UsageError } from '../usage-error.ts'

/**
 * Opens Node's inspector at `host:port` or `port`, where it can be reached by whoever can reach the address.
 *
 * @throws UsageError, ServeError
 */
export function openInspector(where: string): void {
  const { host, port } = parseInspect(where)
  inspector.open(port, host.replace(/^\[(.+)\]$/, '$1'))
  if (inspector.url() === undefined)
    throw new ServeError('TSGI_ERR_BIND', `The inspector cannot listen on ${host}:${port}.`)
}

/** @throws UsageError */
export function parseInspect(where: string): { readonly host: string; readonly port: number } {
  const [, host = '127.0.0.1', port] = /^(?:(.+):)?(\d{1,5})$/.exec(where) ?? []
  if (port === undefined) throw new UsageError([`--inspect ${where}: expected an address such as 127.0.0.1:9229.`])
  return { host, port: Number(port) }
}
