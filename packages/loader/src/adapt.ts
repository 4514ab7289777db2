import type { FetchApp } from '@tsgi/adapter-fetch/from-fetch'
import type { NodeListener } from '@tsgi/adapter-node/from-node'
import type { WsgiApplication } from '@tsgi/adapter-wsgi'
import type { Application } from '@tsgi/spec'
import type { Kind } from './kind.ts'

/** Makes a TSGI application of a value of a known kind. Adapters are imported only where one is needed. */
export async function adapt(value: unknown, kind: Kind): Promise<Application> {
  switch (kind) {
    case 'tsgi':
      return value as Application
    case 'fetch':
      return (await import('@tsgi/adapter-fetch/from-fetch')).fromFetch(value as FetchApp)
    case 'node':
      return (await import('@tsgi/adapter-node/from-node')).fromNodeListener(value as NodeListener)
    case 'wsgi':
      return (await import('@tsgi/adapter-wsgi')).fromWsgi(value as WsgiApplication)
  }
}
