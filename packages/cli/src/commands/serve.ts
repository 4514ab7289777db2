import type { Flags } from '../settings/settings.ts'
import { defineCommand, type TsgiCommand } from './command.ts'

const serving = (name: 'serve' | 'dev', summary: string): TsgiCommand =>
  defineCommand({
    name,
    summary,
    settings: name,
    arguments: [['[app]', 'file[:export] of the application; without one, --static serves files alone']],
    async run([app]: readonly [string | undefined], flags: Flags, context) {
      const environment = await context.prepare(name, app, flags)
      const { serveCommand } = await import('../serving/serve-command.ts')
      return await serveCommand(environment, context)
    },
  })

export const serve: TsgiCommand = serving('serve', 'Serve an application in production.')

export const dev: TsgiCommand = serving(
  'dev',
  'Serve while you work on it: restarts on changes, shows errors, logs requests.',
)
