/** What of an application and a server's options goes to the processes that serve it. */
import { type AppReference, type Json, type ModuleReference, ServeError, type ServeOptions } from '@tsgi/spec/server'

/** Data, all of it: functions stay behind, and the worker has its own `log` and `access`. */
export interface Served {
  readonly app: ModuleReference
  readonly options: Pick<
    ServeOptions,
    | 'limits'
    | 'timeouts'
    | 'trustedProxies'
    | 'forwardedFields'
    | 'overload'
    | 'serverHeader'
    | 'development'
    | 'health'
    | 'ready'
    | 'tls'
  >
}

/** @throws ServeError `TSGI_ERR_NEEDS_REFERENCE` for a function, which cannot cross to another process */
export function served(server: string, app: AppReference, options: ServeOptions): Json {
  if (typeof app === 'function') {
    throw new ServeError(
      'TSGI_ERR_NEEDS_REFERENCE',
      `the ${server} server runs the application in processes of its own, and a function cannot go there: expected { module, export }, ` +
        'which says where to import it from. To run a function in this process, use the event-loop server.',
    )
  }
  const { limits, timeouts, trustedProxies, forwardedFields, overload, serverHeader, development } = options
  const { health, ready, tls } = options
  const plain = { limits, timeouts, trustedProxies, forwardedFields, overload, serverHeader, development }
  const crossing = {
    app: { module: String(app.module), export: app.export, config: app.config },
    options: { ...plain, health, ready, tls },
  }
  // Over JSON as later over the channel, so that what is absent is absent.
  return JSON.parse(JSON.stringify(crossing)) as Json
}
