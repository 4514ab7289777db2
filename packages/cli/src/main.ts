/** The command: reads the command line, runs what it asks for, and exits. */
import type { Context } from './commands/command.ts'
import { changeFolder } from './settings/change-folder.ts'
import { prepareEnvironment } from './environment.ts'
import { failureOf, formatFailure } from './failure.ts'
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

const context: Context = {
  out,
  error,
  live: process.stderr.isTTY === true,
  originalEnv,
  inheritance,
  async prepare(...given) {
    // A process that is watched begins where the one that watches has gone.
    if (inheritance === undefined) changeFolder(given[2])
    const environment = await prepareEnvironment(...given)
    // A process that is watched has its environment from the one that watches, which has said so.
    if (inheritance === undefined) for (const warning of unknownVariables(process.env)) error(`tsgi: ${warning}\n`)
    return environment
  },
}

// Whatever the application left open (timers, a database) is not to keep the process.
process.exit(await run(invocation))

async function run(asked: Invocation): Promise<number> {
  if (asked.command === null) return asked.exitCode
  const { command, args, options } = asked
  try {
    return await command.run(args, options, context)
  } catch (caught) {
    const failure = failureOf(caught)
    const { logLevel = process.env['TSGI_LOG_LEVEL'] }: { readonly logLevel?: string } = options
    error(formatFailure(failure, logLevel === 'debug'))
    return failure.exitCode
  }
}
