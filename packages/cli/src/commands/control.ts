/** Commands that speak to a server that runs. */
import type { ControlOrder } from '../control/control-command.ts'
import type { Flags } from '../settings/settings.ts'
import { type Context, defineCommand, option, type TsgiCommand } from './command.ts'

async function send(order: ControlOrder, flags: Flags, context: Context): Promise<number> {
  const environment = await context.prepare(order.command, undefined, flags)
  const { controlCommand } = await import('../control/control-command.ts')
  return await controlCommand(environment, order, context.out)
}

export const reload: TsgiCommand = defineCommand({
  name: 'reload',
  summary: 'Reload the application in a running cluster or process server; exit code 1 where that fails.',
  settings: 'reload',
  run: (_args: readonly [], flags: Flags, context) => send({ command: 'reload' }, flags, context),
})

export const status: TsgiCommand = defineCommand({
  name: 'status',
  summary: 'Show the status of a running cluster or process server.',
  settings: 'status',
  options: [option('--json', 'as JSON')],
  run: (_args: readonly [], { json, ...flags }: { readonly json?: true } & Flags, context) =>
    send({ command: 'status', json: json === true }, flags, context),
})

export const stop: TsgiCommand = defineCommand({
  name: 'stop',
  summary: 'Stop a cluster or process server as TERM does, and wait until it is gone.',
  settings: 'stop',
  options: [option('--now', 'without waiting for responses in flight')],
  run: (_args: readonly [], { now, ...flags }: { readonly now?: true } & Flags, context) =>
    send({ command: 'stop', now: now === true }, flags, context),
})

export const scale: TsgiCommand = defineCommand({
  name: 'scale',
  summary: 'Change how many workers, or waiting processes, a running server has.',
  settings: 'scale',
  arguments: [['<n>', 'workers of a cluster, or processes that wait for a connection']],
  run: ([to]: readonly [string], flags: Flags, context) => send({ command: 'scale', to }, flags, context),
})
