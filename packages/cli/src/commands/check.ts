import type { Flags } from '../settings/settings.ts'
import { defineCommand, inGroup, type TsgiCommand } from './command.ts'

export const check: TsgiCommand = defineCommand({
  name: 'check',
  summary: 'Check an application against the specification; exit code 1 where it breaks a clause.',
  settings: 'check',
  arguments: [
    ['<app>', 'file[:export] of the application'],
    ['[path...]', 'paths that it answers (default: /)'],
  ],
  options: [inGroup('Check', '--allow-errors', 'pass a path that answers every request with an error')],
  async run(
    [app, paths]: readonly [string, readonly string[]],
    { allowErrors = false, ...flags }: { readonly allowErrors?: boolean } & Flags,
    context,
  ) {
    const environment = await context.prepare('check', app, flags)
    const { checkCommand } = await import('../checking/check-command.ts')
    return await checkCommand(environment, paths, allowErrors, context.out)
  },
})
