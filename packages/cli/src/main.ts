/** The command: reads the command line, runs what it asks for, and exits. */
import { prepareEnvironment } from './environment.ts'
import { failureOf, formatFailure } from './failure.ts'
import { optionalPackage } from './optional-package.ts'
import { readCommandLine, type Invocation } from './program.ts'
import { unknownVariables } from './settings/unknown-variables.ts'
import { beWatched } from './watching/watched-child.ts'

const out = (text: string) => void process.stdout.write(text)
const error = (text: string) => void process.stderr.write(text)

// A reader that has gone is no reason to end: neither `tsgi … | head` nor a server whose log pipe broke.
process.stdout.on('error', () => {})
process.stderr.on('error', () => {})

// Both before anything is read into the environment or loaded for the application.
const originalEnv = { ...process.env }
const inheritance = beWatched()
const invocation = readCommandLine(process.argv.slice(2), { out, error })
// Whatever the application left open (timers, a database) is not to keep the process.
process.exit(await run(invocation))

async function run(invocation: Invocation): Promise<number> {
  if (invocation.command === 'none') return invocation.exitCode
  const { flags } = invocation
  try {
    if (invocation.command === 'conform') {
      const load = () => import('./conform-command.ts')
      const { conformCommand } = await optionalPackage('@tsgi/conformance', 'conform', load)
      const live = process.stderr.isTTY === true
      return await conformCommand(invocation.target, invocation.order, { out, error, live })
    }
    if (invocation.command === 'matrix') {
      const { matrixCommand } = await import('./matrix-command.ts')
      return await matrixCommand(invocation.order)
    }
    if (invocation.command === 'bench') {
      const { benchCommand } = await import('./bench-command.ts')
      return await benchCommand(invocation.order)
    }
    const environment =
      invocation.command === 'control'
        ? await prepareEnvironment(invocation.order.command, undefined, flags)
        : await prepareEnvironment(invocation.command, invocation.app, flags)
    // A process that is watched has its environment from the one that watches, which has said so.
    if (inheritance === undefined) for (const warning of unknownVariables(process.env)) error(`tsgi: ${warning}\n`)
    // Each command imports what it takes, and no more.
    switch (invocation.command) {
      case 'fetch': {
        const { fetchCommand } = await import('./fetching/fetch-command.ts')
        return await fetchCommand(environment, invocation, { body: process.stdout, note: error })
      }
      case 'check': {
        const { checkCommand } = await import('./check-command.ts')
        return await checkCommand(environment, invocation.paths, invocation.allowErrors, out)
      }
      case 'control': {
        const { controlCommand } = await import('./control/control-command.ts')
        return await controlCommand(environment, invocation.order, out)
      }
      default: {
        const { serveCommand } = await import('./serving/serve-command.ts')
        return await serveCommand(environment, { originalEnv, inheritance, out })
      }
    }
  } catch (caught) {
    const failure = failureOf(caught)
    error(formatFailure(failure, (flags.logLevel ?? process.env['TSGI_LOG_LEVEL']) === 'debug'))
    return failure.exitCode
  }
}
