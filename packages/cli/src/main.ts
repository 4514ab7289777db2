/** The command: reads the command line, runs what it asks for, and exits. */
import { checkConfig } from './check-config.ts'
import { prepareEnvironment } from './environment.ts'
import { EXIT } from './exit-code.ts'
import { failureOf, formatFailure } from './failure.ts'
import { printConfig } from './print-config.ts'
import { readCommandLine, type Invocation } from './program.ts'
import { runServer } from './run-server.ts'

const out = (text: string) => void process.stdout.write(text)
const error = (text: string) => void process.stderr.write(text)

const invocation = readCommandLine(process.argv.slice(2), { out, error })
// Whatever the application left open (timers, a database) is not to keep the process.
process.exit(await run(invocation))

async function run(invocation: Invocation): Promise<number> {
  if (invocation.command === 'none') return invocation.exitCode
  const { command, app, flags } = invocation
  try {
    const environment = await prepareEnvironment(command, app, flags)
    if (invocation.command === 'fetch') return EXIT.internal
    if (environment.settings.printConfig) out(printConfig(environment))
    if (environment.settings.checkConfig) out(await checkConfig(environment))
    if (environment.settings.printConfig || environment.settings.checkConfig) return EXIT.ok
    return await runServer(environment)
  } catch (caught) {
    const failure = failureOf(caught)
    error(formatFailure(failure, (flags.logLevel ?? process.env['TSGI_LOG_LEVEL']) === 'debug'))
    return failure.exitCode
  }
}
