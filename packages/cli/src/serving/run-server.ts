/** From settings to a server that runs, and from there to its end. */
import { LoadError } from '@tsgi/loader'
import { loadEntry, type Entry, type EntryConfig } from '@tsgi/loader/entry'
import type { Json, RunningServer, ServerModule } from '@tsgi/spec/server'
import type { Environment } from '../environment.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { failureOf, formatFailure } from '../failure.ts'
import { openOutputs, type Outputs } from '../logs/outputs.ts'
import { formatListen } from '../settings/option-values.ts'
import type { Inheritance } from '../watching/watched-child.ts'
import { announce } from './announce.ts'
import { withinBootTimeout } from './boot-timeout.ts'
import { catchEscapedErrors } from './crash-policy.ts'
import { hintingLog } from './hinting-log.ts'
import { openInspector } from './inspect.ts'
import { superviseServer, type Lifetime } from './lifetime.ts'
import { claimPidFile } from './pid-file.ts'
import { listenTargets, serveOptions } from './serve-options.ts'
import { serverModule } from './server-module.ts'
import { planServing } from './serving-plan.ts'

/**
 * Serves until a signal ends it.
 *
 * @throws UsageError, LoadError, ServeError where it cannot start; nothing is left running
 */
export async function runServer(environment: Environment, inheritance?: Inheritance): Promise<ExitCode> {
  const { settings, command } = environment
  const plan = planServing(environment)
  if (settings.pidFile !== undefined) claimPidFile(settings.pidFile)
  const outputs = openOutputs(settings)
  process.once('exit', outputs.finish)

  let lifetime: Lifetime | undefined
  catchEscapedErrors({
    log: outputs.log,
    doubt(error) {
      if (lifetime === undefined) endBoot(error)
      // While somebody is working on it, the next save starts it anew.
      else if (command === 'serve') lifetime.fail()
    },
  })
  if (settings.inspect !== undefined) openInspector(settings.inspect)

  const started = await withinBootTimeout(start(environment, plan, outputs, inheritance), settings.bootTimeout)
  lifetime = superviseServer(started.server, {
    log: outputs.log,
    graceful: settings.gracefulTimeout,
    shutdownDelay: settings.shutdownDelay,
    // A process that is replaced at each change need not say that it goes.
    level: inheritance === undefined ? 'info' : 'debug',
  })
  announce(environment, started, outputs, inheritance?.again === true)
  return lifetime.ended
}

export interface Started {
  readonly module: ServerModule
  readonly server: RunningServer
  /** Absent where the application is loaded by other processes only. */
  readonly entry: Entry | undefined
}

async function start(
  { settings, cwd }: Environment,
  plan: EntryConfig,
  outputs: Outputs,
  inheritance: Inheritance | undefined,
): Promise<Started> {
  const module = await serverModule(settings.server, cwd)
  const entry = module.inProcess ? await loadEntry(plan) : undefined
  const app = entry?.application ?? { module: import.meta.resolve('@tsgi/loader/entry'), config: plan as Json }
  const development = process.env['NODE_ENV'] === 'development'
  const listen = inheritance?.listen ?? listenTargets(settings)
  const log = hintingLog(outputs.log, entry?.found)
  const server = await module.serve(app, { ...serveOptions(settings, development, { ...outputs, log }), listen })
  if (inheritance !== undefined && inheritance.asked !== listenTargets(settings).map(formatListen).join(' ')) {
    outputs.log('warn', 'the address in the settings changed; stop this and start it again to listen there')
  }
  return { module, server, entry }
}

/** An error that escaped while the application was loading, from a timer or a callback. */
function endBoot(error: unknown): never {
  const lines = ['The application failed while it was starting; the log above has the error.']
  process.stderr.write(formatFailure(failureOf(new LoadError('TSGI_ERR_APP_THREW', lines, error)), false))
  process.exit(EXIT.application)
}
