import { serve } from '@tsgi/server-event-loop'
import type { Environment } from '../environment.ts'
import type { ExitCode } from '../exit-code.ts'
import { failureOf, formatFailure } from '../failure.ts'
import type { Outputs } from '../logs/outputs.ts'
import { tlsOptions } from '../serving/tls-options.ts'
import { superviseServer } from '../serving/lifetime.ts'
import { serveOptions } from '../serving/serve-options.ts'
import type { Inheritance } from '../watching/watched-child.ts'
import { inFront } from './development-layers.ts'
import { failurePage } from './failure-page.ts'
import { openBrowser } from './open-browser.ts'

/**
 * Serves the page of an error on the sockets of the process that watches, until a file is saved or a signal ends it: in this
 * process, which knows most of the error.
 *
 * @returns the exit code
 */
export async function serveFailure(
  error: unknown,
  environment: Environment,
  { listen, again }: Inheritance,
  outputs: Outputs,
): Promise<ExitCode> {
  const { app, settings, cwd } = environment
  const page = await inFront(environment, failurePage(error, app?.text ?? 'The application', cwd))
  const options = { ...serveOptions(settings, true, outputs), listen, tls: tlsOptions(settings, listen) }
  const server = await serve(page, options)
  outputs.print(formatFailure(failureOf(error), settings.logLevel === 'debug'))
  outputs.print(`tsgi: waiting for a change, to start again; ${server.urls.join(' ')} shows this error\n`)
  const [url] = server.urls
  if (settings.open && !again && url !== undefined) openBrowser(url, outputs.log)
  return superviseServer(server, { ...outputs, graceful: 0, shutdownDelay: 0, level: 'debug' }).ended
}
