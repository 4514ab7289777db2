/** The program of a server's own process: `server-host <URL of the server module>`, told what to do by messages. */
import type { Application } from '@tsgi/spec'
import { type AppReference, ServeError, type RunningServer, type ServerModule } from '@tsgi/spec/server'
import { findServerModule } from './server-module.ts'
import type { FromHost, ToHost } from './messages.ts'

const tell = (message: FromHost): void => void process.send?.(message)

/** Without the frames of the kit, which tell a server's author nothing. */
const stackOf = (error: unknown): string =>
  error instanceof Error
    ? (error.stack ?? error.message)
        .split('\n')
        .filter((line) => !line.includes(import.meta.url))
        .join('\n')
    : String(error)

let running: RunningServer | null = null

/** A server that runs applications in its own process need not know how to import one. */
async function applicationFor(server: ServerModule, app: (ToHost & { kind: 'serve' })['app']): Promise<AppReference> {
  if (!server.inProcess) return app
  const exports = (await import(app.module)) as Readonly<Record<string, unknown>>
  const make = exports[app.export ?? 'default'] as (config: unknown) => Application | Promise<Application>
  return app.config === undefined ? (make as unknown as Application) : await make(app.config)
}

async function start(server: ServerModule, { app, options }: ToHost & { kind: 'serve' }): Promise<void> {
  try {
    running = await server.serve(await applicationFor(server, app), {
      ...options,
      log: (level, message, fields) => {
        const error = fields?.['error']
        tell({ kind: 'log', level, message, error: error === undefined ? undefined : textOf(error) })
      },
    })
    tell({ kind: 'listening', addresses: running.addresses, urls: running.urls })
  } catch (error) {
    const { name, message } = error instanceof Error ? error : { name: 'thrown', message: String(error) }
    const code = error instanceof ServeError ? error.code : undefined
    tell({ kind: 'refused', error: { name, message, stack: stackOf(error) }, code })
  }
}

const textOf = (error: unknown): string => (error instanceof Error ? stackOf(error) : JSON.stringify(error))

async function close(graceful: number | undefined): Promise<void> {
  try {
    const result = await running?.close({ graceful })
    tell({ kind: 'closed', cutOff: result?.cutOff ?? 0 })
  } catch (error) {
    tell({ kind: 'not-closed', stack: stackOf(error) })
  }
}

async function main(url: string): Promise<void> {
  let server: ServerModule | string
  try {
    server = findServerModule((await import(url)) as Readonly<Record<string, unknown>>)
  } catch (error) {
    server = `cannot be loaded: ${stackOf(error)}`
  }
  if (typeof server === 'string') {
    tell({ kind: 'unusable', reason: server })
    return
  }
  const loaded = server
  process.on('message', (message: ToHost) => {
    if (message.kind === 'serve') void start(loaded, message)
    else void close(message.graceful)
  })
  tell({ kind: 'loaded', name: loaded.name })
}

// Whoever started it is gone: so is the reason to be.
process.on('disconnect', () => process.exit())
await main(process.argv[2] as string)
