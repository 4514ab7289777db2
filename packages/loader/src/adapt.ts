import type { Application } from '@tsgi/spec'
import type { Kind } from './kind.ts'

/** Makes a TSGI application of a value of a known kind. Adapters are imported only where one is needed. */
export async function adapt(value: unknown, kind: Kind): Promise<Application> {
  switch (kind) {
    case 'tsgi':
      return value as Application
    default:
      throw new Error(`no adapter for ${kind} yet`)
  }
}
