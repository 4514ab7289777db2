/** `tsgi reload`, `status`, `stop` and `scale`: asks a server that runs, over its control socket. */
import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { control, ControlError } from '@tsgi/supervisor'
import type { Environment } from '../environment.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { NotDone } from '../not-done.ts'
import { listenTargets } from '../serving/serve-options.ts'
import { UsageError } from '../usage-error.ts'
import { controlFolder, controlPlace, isPrivate } from './control-place.ts'
import { statusTable } from './status-table.ts'

export type ControlOrder =
  | { readonly command: 'reload' }
  | { readonly command: 'status'; readonly json: boolean }
  /** `now` cuts off what is in flight. */
  | { readonly command: 'stop'; readonly now: boolean }
  | { readonly command: 'scale'; readonly to: string }

/** How long a server may take to be gone after it has said that all is over, in milliseconds. */
const LAST_MOMENTS = 5000

/**
 * @param say is given what is for standard output
 * @throws UsageError where it is not clear who is meant, or the order makes no sense; NotDone where nobody is there, or the
 * server could not do it
 */
export async function controlCommand(
  environment: Environment,
  order: ControlOrder,
  say: (text: string) => void,
): Promise<ExitCode> {
  const place = findPlace(environment)
  // Who made the folder could answer in the server's place.
  if (dirname(place) === controlFolder() && !isPrivate(controlFolder())) throw await nobody(environment, place)
  try {
    return await obey(place, order, say)
  } catch (error) {
    throw await explain(error, order, place, environment)
  }
}

async function obey(place: string, order: ControlOrder, say: (text: string) => void): Promise<ExitCode> {
  switch (order.command) {
    case 'status': {
      const status = await control(place, { command: 'status' })
      say(order.json ? `${JSON.stringify(status, null, 2)}\n` : statusTable(status))
      return EXIT.ok
    }
    case 'reload': {
      await control(place, { command: 'reload' })
      const { generation } = await control(place, { command: 'status' })
      say(`reloaded: generation ${generation} serves\n`)
      return EXIT.ok
    }
    case 'scale': {
      const to = /^\d{1,9}$/.test(order.to) ? Number(order.to) : Number.NaN
      if (Number.isNaN(to)) throw new UsageError([`tsgi scale ${order.to}: expected a whole number from 1 on.`])
      await control(place, { command: 'scale', to })
      say(`scaled to ${to}\n`)
      return EXIT.ok
    }
    case 'stop': {
      const { pid } = await control(place, { command: 'status' })
      const { cutOff } = await control(place, { command: 'stop', ...(order.now && { graceful: 0 }) })
      await untilGone(pid)
      say(
        cutOff === 0 ? 'stopped\n' : `stopped; ${cutOff} ${cutOff === 1 ? 'response was' : 'responses were'} cut off\n`,
      )
      return cutOff === 0 ? EXIT.ok : EXIT.cutOff
    }
  }
}

function findPlace({ settings, cwd }: Environment): string {
  const [target] = listenTargets(settings)
  const place = target === undefined ? undefined : controlPlace(settings.pidFile, target, cwd)
  if (place !== undefined) return place
  throw new UsageError(['It is not clear which server is meant.', 'Name its port with -p, or its --pid-file.'])
}

/** Whoever starts another one after this is to find the port, the pid file and the control socket free. */
async function untilGone(pid: number): Promise<void> {
  const end = performance.now() + LAST_MOMENTS
  while (performance.now() < end) {
    try {
      process.kill(pid, 0)
    } catch {
      return
    }
    await sleep(10)
  }
}

async function explain(
  error: unknown,
  { command }: ControlOrder,
  place: string,
  environment: Environment,
): Promise<unknown> {
  if (!(error instanceof ControlError)) return error
  switch (error.code) {
    case 'ENOENT':
    case 'ECONNREFUSED':
      return nobody(environment, place)
    case 'EACCES':
    case 'EPERM':
      return new NotDone([`Only the user who started the server may ask it to ${command}: ${place}`], error)
    case 'TSGI_ERR_OPTION':
      return new UsageError([`tsgi ${command}: ${error.message}.`], error)
    default:
      return new NotDone([command === 'reload' ? `The reload failed: ${error.message}` : `${error.message}.`], error)
  }
}

async function nobody({ settings }: Environment, place: string): Promise<NotDone> {
  const [target] = listenTargets(settings)
  const where =
    settings.pidFile !== undefined
      ? `the pid file ${settings.pidFile}`
      : target !== undefined && 'port' in target
        ? `port ${target.port}`
        : `this address`
  const ports = await others(place)
  return new NotDone([
    `No server runs with ${where}.`,
    ports.length > 0
      ? `There is one with ${ports.map((port) => `-p ${port}`).join(', and one with ')}`
      : 'Where it has another port or a pid file, name it: -p 8080, or --pid-file',
  ])
}

/** Ports of the user's other servers that can be asked. */
async function others(place: string): Promise<readonly string[]> {
  const folder = controlFolder()
  if (!isPrivate(folder)) return []
  const names = readdirSync(folder).filter((name) => /^\d+$/.test(name) && join(folder, name) !== place)
  const answers = await Promise.allSettled(names.map((name) => control(join(folder, name), { command: 'status' })))
  return names.filter((_, i) => answers[i]?.status === 'fulfilled')
}
