import { defineHost, type HostSettings, type ListeningHost } from '@tsgi/exchange/host'
import type { ServerModule } from '@tsgi/spec/server'
import { type FetchHandler, toFetch, type ToFetchOptions } from '../to-fetch/index.ts'

/** Anything that calls a fetch handler for each request. */
export interface FetchHost {
  /** As reports and the grid call the server. */
  readonly name: string
  /** Where the client is, if the host tells it in a way of its own. Default: as `toFetch` finds it. */
  readonly remote?: ToFetchOptions['remote']
  /** Starts the host, and resolves when it accepts connections; what it throws is reported with the address. */
  listen(handler: FetchHandler, settings: HostSettings): ListeningHost | Promise<ListeningHost>
}

/**
 * A server module around a host of fetch handlers: `tsgi serve --server`, `tsgi conform` and `tsgi matrix` take it.
 *
 * Errors of the application go to the server's log. `startup` runs before the host listens.
 */
export const defineFetchServer = ({ name, remote, listen }: FetchHost): ServerModule =>
  defineHost(name, ({ application, log, draining, ...settings }) => {
    const errors = { write: (text: string) => log('error', text.trimEnd()), flush: () => undefined }
    return listen(toFetch(application, { errors, draining, remote }), settings)
  })
