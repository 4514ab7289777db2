/**
 * `--watch`: this process holds the sockets and watches the files that the serving process, its child, says it loaded. When one
 * changes, the child is replaced. Connections that come meanwhile wait in the kernel's queue, so nobody is refused. A child that
 * cannot load the application serves the page of the error until a file changes.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { constants } from 'node:os'
import { relative, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { formatTarget, openListeners } from '@tsgi/listeners'
import { requireModule } from '@tsgi/loader'
import type { ListenTarget } from '@tsgi/spec/server'
import type { Environment } from '../environment.ts'
import { EXIT } from '../exit-code.ts'
import { listenTargets } from '../serving/serve-options.ts'
import { withoutEnvFiles } from '../settings/env-file.ts'
import { LoadReports } from './load-reports.ts'
import { WATCHED_VARIABLE, type Inheritance } from './watched-child.ts'
import { WatchedFiles } from './watched-files.ts'

/** How long a serving process that is to be replaced may finish what it does; then it is hurried, then killed. In ms. */
const PATIENCE = 500
const MERCY = 2000

/** Standard input, output and error, and a channel by which the child sees that this process has gone. */
const STDIO = ['inherit', 'inherit', 'inherit', 'ipc'] as const

/**
 * Serves and watches until a signal ends it, or until it ends where no change could help.
 *
 * @param env the environment as it was before anything was read into it
 * @returns the exit code
 * @throws LoadError where there is no file to load, ServeError where an address cannot be bound
 */
export async function watchAndServe({ settings, app, cwd }: Environment, env: NodeJS.ProcessEnv): Promise<number> {
  // Without the file nothing would be loaded, so nothing could change.
  const entry = app === undefined ? undefined : requireModule(app.reference.module, cwd)
  const asked = listenTargets(settings)
  const held = asked.filter(canHold)
  const listeners = await openListeners(held, false)
  const descriptors = listeners.descriptors(0)
  const files = new WatchedFiles()
  const reports = new LoadReports((file) => files.add(file))
  process.once('exit', () => {
    listeners.close()
    reports[Symbol.dispose]()
  })
  const inheritance = {
    asked: asked.map(formatTarget).join(' '),
    listen: asked.map((target) =>
      canHold(target) ? inheritedAs(target, STDIO.length + held.indexOf(target)) : target,
    ),
    reports: reports.file,
  }
  // Also where a process ends before it reports what it loads.
  if (entry?.startsWith('file:')) files.add(fileURLToPath(entry))
  for (const file of settings.envFile) files.add(resolve(cwd, file))
  for (const path of settings.watchPath) files.addAny(resolve(cwd, path))

  const childEnv = withoutEnvFiles(env, settings.envFile, cwd)
  const startServer = (again: boolean, failure: string | undefined): ChildProcess =>
    spawn(process.execPath, [...process.execArgv, '--', ...process.argv.slice(1)], {
      env: {
        ...childEnv,
        [WATCHED_VARIABLE]: JSON.stringify({ ...inheritance, again, failure } satisfies Inheritance),
      },
      stdio: [...STDIO, ...descriptors],
    })

  let server: ChildProcess | undefined
  let failure: string | undefined
  const stopped = relaySignals((signal) => server?.kill(signal))
  for (;;) {
    server = startServer(server !== undefined, failure)
    const exit = exitOf(server)
    const event = await Promise.race([exit, files.changed()])
    reports.read()
    if (typeof event === 'number') {
      if (stopped.aborted || !canRecover(event)) return event
      if (failure === undefined) {
        // Connections must not wait for a change: the next process answers them with the page of this.
        failure = describeExit(event)
        continue
      }
      say('waiting for a change, to start again')
      await Promise.race([files.changed(), once(stopped, 'abort')])
    } else {
      say(`${relative(cwd, event)} changed; starting again`)
      await replace(server, exit)
    }
    failure = undefined
    if (stopped.aborted) return EXIT.ok
  }
}

/** A process learns the path of a unix socket that it inherits on Linux only; elsewhere the serving one binds it by itself. */
const canHold = (target: ListenTarget): boolean => !('path' in target) || process.platform === 'linux'

const inheritedAs = ({ protocol, proxyProtocol }: ListenTarget, fd: number): ListenTarget => ({
  protocol,
  proxyProtocol,
  fd,
})

/** Passes signals on to the serving process, which decides what they mean. Aborts at the first that is meant to end it. */
function relaySignals(relay: (signal: NodeJS.Signals) => void): AbortSignal {
  const stop = new AbortController()
  process.on('SIGHUP', relay)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGQUIT'] as const) {
    process.on(signal, () => {
      relay(signal)
      stop.abort()
    })
  }
  return stop.signal
}

/** The exit code of a process; 128 + n where signal n ended it, as shells have it. */
async function exitOf(child: ChildProcess): Promise<number> {
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null]
  return signal === null ? (code ?? EXIT.internal) : 128 + constants.signals[signal]
}

/** An orderly end was asked for; a wrong flag and a taken address are not to be mended in a file. */
const canRecover = (exitCode: number) => ![0, EXIT.cutOff, EXIT.usage, EXIT.address].includes(exitCode)

function describeExit(exitCode: number): string {
  const how = exitCode > 128 ? `was ended by signal ${exitCode - 128}` : `ended with exit code ${exitCode}`
  return `The process of the application ${how}; the terminal shows what it printed.`
}

async function replace(server: ChildProcess, exit: Promise<unknown>): Promise<void> {
  server.kill('SIGTERM')
  if ((await Promise.race([exit, sleep(PATIENCE, 'late')])) !== 'late') return
  // Another signal than the first, so that it is not taken for its echo.
  server.kill('SIGINT')
  if ((await Promise.race([exit, sleep(MERCY, 'late')])) === 'late') server.kill('SIGKILL')
  await exit
}

const say = (text: string) => void process.stderr.write(`tsgi: ${text}\n`)
