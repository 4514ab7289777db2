/**
 * The application that servers are tested with: each behaviour's own, at `/-/<id>?case=<key>`, and a plain answer to
 * everything else. A module reference to the default export reaches servers that start processes.
 */
import type { Application } from '@tsgi/spec'
import { LIFESPAN } from './lifespan.ts'
import { observer } from './observations.ts'
import { SERVER_BEHAVIOURS } from './server-behaviours.ts'

export interface ProbeConfig {
  /** Where observations are written. */
  readonly folder: string
}

/** What the probe says of itself at `/`. */
export const GREETING = 'TSGI conformance probe\n'

const APPS = new Map(SERVER_BEHAVIOURS.flatMap(({ id, app }) => (app === undefined ? [] : [[id, app] as const])))

export default function probe({ folder }: ProbeConfig): Application {
  const lifespan = observer(folder, LIFESPAN)
  const application: Application = (environ, startResponse) => {
    const path = environ.pathInfo
    const app = path.startsWith('/-/') ? APPS.get(path.split('/')[2] as string) : undefined
    if (app === undefined) {
      startResponse(200, ['content-type', 'text/plain'])
      return GREETING
    }
    const key = new URLSearchParams(environ.queryString).get('case')
    return app(environ, startResponse, key === null ? () => {} : observer(folder, key))
  }
  application.startup = () => lifespan('startup')
  application.shutdown = () => lifespan('shutdown')
  return application
}
