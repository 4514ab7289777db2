/** The command: reads the command line, runs what it asks for, and exits. */
import { checkConfig } from './check-config.ts'
import { prepareEnvironment } from './environment.ts'
import { EXIT } from './exit-code.ts'
import { failureOf, formatFailure } from './failure.ts'
import { fetchOnce } from './fetch-once.ts'
import { printConfig } from './print-config.ts'
import { readCommandLine, type Invocation } from './program.ts'
import { requestParts } from './request-parts.ts'
import { runServer } from './run-server.ts'
import { watchAndServe } from './watch.ts'
import { beWatched } from './watched-child.ts'

const out = (text: string) => void process.stdout.write(text)
const error = (text: string) => void process.stderr.write(text)

// Both before anything is read into the environment or loaded for the application.
const originalEnv = { ...process.env }
const inheritance = beWatched()
const invocation = readCommandLine(process.argv.slice(2), { out, error })
// Whatever the application left open (timers, a database) is not to keep the process.
process.exit(await run(invocation))

async function run(invocation: Invocation): Promise<number> {
  if (invocation.command === 'none') return invocation.exitCode
  const { command, app, flags } = invocation
  try {
    const environment = await prepareEnvironment(command, app, flags)
    if (invocation.command === 'fetch') {
      const parts = requestParts(invocation.target, invocation.request, environment.cwd)
      const heads = invocation.request.verbose === true
      return await fetchOnce(environment, parts, { body: process.stdout, note: error, heads })
    }
    if (environment.settings.printConfig) out(printConfig(environment))
    if (environment.settings.checkConfig) out(await checkConfig(environment))
    if (environment.settings.printConfig || environment.settings.checkConfig) return EXIT.ok
    if (environment.settings.watch && inheritance === undefined) return await watchAndServe(environment, originalEnv)
    return await runServer(environment, inheritance)
  } catch (caught) {
    const failure = failureOf(caught)
    error(formatFailure(failure, (flags.logLevel ?? process.env['TSGI_LOG_LEVEL']) === 'debug'))
    return failure.exitCode
  }
}
