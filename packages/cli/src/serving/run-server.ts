/** From settings to a server that runs, and from there to its end. */
import { setImmediate } from 'node:timers/promises'
import { formatTarget } from '@tsgi/listeners'
import { asHost, LoadError } from '@tsgi/loader'
import { loadEntry, type EntryConfig } from '@tsgi/loader/entry'
import type { Json, RunningServer } from '@tsgi/spec/server'
import type { openToCommands } from '../control/open-to-commands.ts'
import type { Environment } from '../environment.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { OWN_PATHS } from '../developing/live-reload-client.ts'
import { failureOf } from '../failure.ts'
import type { MetricsListener } from '../observing/metrics-listener.ts'
import { openOutputs, type Outputs } from '../logs/outputs.ts'
import type { Inheritance } from '../watching/watched-child.ts'
import { announce } from './announce.ts'
import { listenWhileBooting } from './boot-signals.ts'
import { withinBootTimeout } from './boot-timeout.ts'
import { catchEscapedErrors } from './crash-policy.ts'
import { hintingLog } from './hinting-log.ts'
import { openInspector } from './inspect.ts'
import { superviseServer, type Lifetime } from './lifetime.ts'
import { claimPidFile } from './pid-file.ts'
import { processOptions } from './process-options.ts'
import { listenTargets, serveOptions } from './serve-options.ts'
import { serverModule } from './server-module.ts'
import { setSocketMode } from './socket-mode.ts'
import { openNotices, type Notices } from '../systemd/notices.ts'
import { planServing } from './serving-plan.ts'
import type { Started } from './started.ts'
import { tlsOptions } from './tls-options.ts'
import { isSupervised } from './supervised.ts'

/**
 * Serves until a signal ends it.
 *
 * @throws UsageError, LoadError, ServeError where it cannot start; nothing is left running
 */
export async function runServer(environment: Environment, inheritance?: Inheritance): Promise<ExitCode> {
  const { settings, command } = environment
  const plan = planServing(environment)
  if (settings.pidFile !== undefined) claimPidFile(settings.pidFile)
  const outputs = withoutOwnPaths(openOutputs(settings))
  process.once('exit', outputs.finish)

  let lifetime: Lifetime | undefined
  const escaped = Promise.withResolvers<never>()
  catchEscapedErrors({
    log: outputs.log,
    doubt(error) {
      if (lifetime === undefined) escaped.reject(failedBoot(error))
      // While somebody is working on it, the next save starts it anew.
      else if (command === 'serve') lifetime.fail()
    },
  })
  const notices = openNotices(process.env, outputs.log)
  const quiet = listenWhileBooting(outputs.log, outputs.reopen)
  let started: Started
  let metrics: MetricsListener | undefined
  try {
    metrics = settings.metrics && (await openMetrics(settings.metrics, settings, outputs.log))
    if (inheritance?.failure !== undefined) throw new LoadError('TSGI_ERR_APP_THREW', [inheritance.failure])
    started = await Promise.race([start(environment, plan, outputs, inheritance), escaped.promise])
  } catch (error) {
    await metrics?.close()
    if (inheritance === undefined || !isOfApplication(error)) throw error
    quiet()
    return await (await import('../developing/serve-failure.ts')).serveFailure(error, environment, inheritance, outputs)
  }
  const { server } = started
  metrics?.show(server)
  const life = superviseServer(server, {
    log: outputs.log,
    reopen: outputs.reopen,
    onStop: notices.stopping,
    graceful: settings.gracefulTimeout,
    shutdownDelay: settings.shutdownDelay,
    // A process that is replaced at each change need not say that it goes.
    level: inheritance === undefined ? 'info' : 'debug',
  })
  quiet()
  lifetime = life
  if (settings.socketMode !== undefined) setSocketMode(server, settings.socketMode)
  // A process that is replaced at each change is reached by stopping what watches it.
  const commands =
    isSupervised(server) || inheritance === undefined
      ? await listenToCommands(environment, server, life, outputs.log)
      : undefined
  noticeReloads(server, notices)
  notices.ready(`listening on ${server.urls.join(' ')}`)
  announce(environment, started, outputs, inheritance?.again === true)
  const probes = [settings.health, settings.ready].filter((path) => path !== undefined)
  if (probes.length > 0) outputs.log('info', `the server answers ${probes.join(' and ')}, and not the application`)
  if (metrics !== undefined) outputs.log('info', `metrics on ${metrics.urls.join(' ')}`)
  if (settings.open && command === 'dev' && inheritance?.again !== true) await openSite(server, outputs)
  const exitCode = await life.ended
  // Who asked for the end by a command is answered in the meantime.
  await setImmediate()
  commands?.close()
  await metrics?.close()
  return exitCode
}

async function start(
  { settings, cwd }: Environment,
  plan: EntryConfig,
  outputs: Outputs,
  inheritance: Inheritance | undefined,
): Promise<Started> {
  const module = await serverModule(settings.server, cwd)
  const development = process.env['NODE_ENV'] === 'development'
  const listen = inheritance?.listen ?? listenTargets(settings)
  if (inheritance !== undefined && inheritance.asked !== listenTargets(settings).map(formatTarget).join(' ')) {
    outputs.log('warn', 'the address in the settings changed; stop this and start it again to listen there')
  }
  const tls = tlsOptions(settings, listen)
  if (!module.inProcess) {
    const options = processOptions(settings, { ...serveOptions(settings, development, outputs), listen, tls })
    const shared = { ...plan, sharePorts: true }
    const config = inheritance === undefined ? shared : reportingLoads(shared, inheritance.reports)
    const app = { module: import.meta.resolve('@tsgi/loader/entry'), config: config as Json }
    return { module, server: await module.serve(app, options), entry: undefined }
  }
  if (settings.inspect !== undefined) openInspector(settings.inspect)
  const serveHere = async (): Promise<Started> => {
    const entry = await loadEntry(plan)
    const log = hintingLog(outputs.log, entry.found)
    const options = { ...serveOptions(settings, development, { ...outputs, log }), listen, tls }
    const serve = (): Promise<RunningServer> => module.serve(entry.application, options)
    // A host of `node:http` would otherwise be taken for a server that the application starts.
    const server = await (settings.server === 'event-loop' ? serve() : asHost(serve))
    return { module, server, entry }
  }
  return withinBootTimeout(serveHere, settings.bootTimeout)
}

/** For processes of the server's own, which load what the process that watches is to know of. */
const reportingLoads = ({ imports = [], ...plan }: EntryConfig, to: string): EntryConfig => ({
  ...plan,
  imports: [`${import.meta.resolve('tsgi/report-worker-loads')}?to=${encodeURIComponent(to)}`, ...imports],
})

/** What a page asks of the live reload is no request to the application. */
function withoutOwnPaths(outputs: Outputs): Outputs {
  const { access } = outputs
  if (access === undefined) return outputs
  return { ...outputs, access: (record) => record.target.startsWith(OWN_PATHS) || access(record) }
}

/** systemd is notified of each reload, by whatever way it was asked for. */
function noticeReloads(server: RunningServer, notices: Notices): void {
  const reload = server.reload?.bind(server)
  if (reload === undefined) return
  server.reload = async () => {
    notices.reloading()
    try {
      await reload()
    } finally {
      notices.ready(`listening on ${server.urls.join(' ')}`)
    }
  }
}

async function openSite({ urls: [url] }: RunningServer, { log }: Outputs): Promise<void> {
  if (url?.startsWith('http:')) (await import('../developing/open-browser.ts')).openBrowser(url, log)
}

/** Imported where metrics are asked for. */
const openMetrics: typeof import('../observing/metrics-listener.ts').openMetrics = async (...args) =>
  (await import('../observing/metrics-listener.ts')).openMetrics(...args)

/** Imported where there is a server that can be told something. */
const listenToCommands: typeof openToCommands = async (...args) =>
  (await import('../control/open-to-commands.ts')).openToCommands(...args)

/** An error that escaped while the application was loading, from a timer or a callback. */
const failedBoot = (error: unknown) =>
  new LoadError(
    'TSGI_ERR_APP_THREW',
    ['The application failed while it was starting; the log above has the error.'],
    error,
  )

/** Whether the application is at fault, so that a change to it may help. */
const isOfApplication = (error: unknown) => failureOf(error).exitCode === EXIT.application
