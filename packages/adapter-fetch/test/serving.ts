import { serve } from '@tsgi/server-event-loop'
import type { Application } from '@tsgi/spec'
import type { ServeOptions } from '@tsgi/spec/server'
import { afterAll, describe } from 'vitest'
import { type FromFetchOptions, uninstallFastGlobals } from '../src/from-fetch/index.ts'

export interface Serving extends AsyncDisposable {
  /** Without a slash at its end. */
  readonly url: string
  readonly port: number
  /** What the server logged, one string each, stacks included. */
  readonly log: readonly string[]
}

/** The application on a real socket. */
export async function serving(application: Application, options: ServeOptions = {}): Promise<Serving> {
  const log: string[] = []
  const server = await serve(application, {
    listen: [{ host: '127.0.0.1', port: 0 }],
    log: (level, message, fields) => {
      const error = fields?.['error']
      log.push(`${level} ${message} ${error instanceof Error ? error.stack : (error ?? '')}`)
    },
    ...options,
  })
  const url = new URL(server.urls[0] as string)
  return {
    url: url.origin,
    port: Number(url.port),
    log,
    async [Symbol.asyncDispose]() {
      await server.close({ graceful: 0 })
    },
  }
}

/** The same tests with the native classes and with the fast ones. */
export function inBothModes(name: string, tests: (options: FromFetchOptions) => void): void {
  describe.each([{ fastGlobals: false }, { fastGlobals: true }])(`${name} (fastGlobals: $fastGlobals)`, (options) => {
    afterAll(uninstallFastGlobals)
    tests(options)
  })
}
