import { importModule } from '@tsgi/loader'
import type { Json } from '@tsgi/spec/server'
import type { App } from './app.ts'
import type { CommandName } from './settings/options.ts'
import type { Settings } from './settings/settings.ts'

/** What a module of @tsgi/bridge says of an application before it is loaded. */
interface Prepared {
  readonly config: Json
  readonly what: string
}

/**
 * An application in another language with all that its processes need to know: the interpreter is looked for once, here, and
 * not by each process of the server.
 *
 * @throws LoadError where @tsgi/bridge is not installed, BridgeError where there is no interpreter
 */
export async function foreignApp(app: App, settings: Settings, command: CommandName): Promise<App> {
  const { module, config } = app.reference
  const { prepare } = await importModule(module, process.cwd())
  if (typeof prepare !== 'function') return app
  const prepared: Prepared = await prepare(config, {
    interpreters: { python: settings.python, ruby: settings.ruby, java: settings.java },
    single: command === 'serve' && settings.server === 'event-loop',
    workers: settings.appWorkers,
    threads: settings.appThreads,
    maxRequests: settings.appMaxRequests ?? 0,
    handlerTimeout: settings.handlerTimeout ?? 0,
    // What the standard forbids is what a check is for.
    strict: command === 'check',
  })
  return { ...app, reference: { module, config: prepared.config }, what: prepared.what }
}
