/**
 * A server in a process of its own, as the command runs it: signals, exit codes, a log that must not end it.
 * `node run-server.ts '{"server": <module>, "app": <reference>, "options": …}'`
 */
import { writeSync } from 'node:fs'
import { ServeError, type RunningServer, type ServerModule } from '@tsgi/spec/server'

const EXIT_CODES: Readonly<Record<string, number>> = {
  TSGI_ERR_APP_LOAD: 3,
  TSGI_ERR_STARTUP: 3,
  TSGI_ERR_BIND: 4,
}

let dropped = 0
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => dropped++)

const { server: module, app, options } = JSON.parse(process.argv[2] as string)
const { default: server } = (await import(module)) as { readonly default: ServerModule }
try {
  run(await server.serve(app, { ...options, log }))
} catch (error) {
  if (!(error instanceof ServeError)) throw error
  process.stderr.write(`${error.code}: ${error.message}\n`)
  process.exitCode = EXIT_CODES[error.code] ?? 2
}

/** On a channel of its own, whatever becomes of the log. */
function tell(text: string): void {
  writeSync(3, text)
}

function log(level: string, message: string, fields?: { readonly [name: string]: unknown }): void {
  const { error } = fields ?? {}
  process.stderr.write(`${level}: ${message}${error instanceof Error ? `\n${error.stack}` : ''}\n`)
}

interface Scalable {
  readonly size: number
  scale(to: number): void
}

function canScale(running: RunningServer): running is RunningServer & Scalable {
  return 'scale' in running && 'size' in running
}

function run(running: RunningServer): void {
  let stopping = false
  const stop = async (): Promise<void> => {
    const hurry = stopping
    stopping = true
    const { cutOff } = await running.close(hurry ? { graceful: 0 } : {})
    tell(`ended, ${cutOff} cut off, ${dropped} lines dropped\n`)
    process.exit(cutOff === 0 ? 0 : 5)
  }
  process.on('SIGTERM', () => void stop())
  process.on('SIGINT', () => void stop())
  process.on('SIGHUP', () => {
    running.reload?.().then(
      () => tell('reloaded\n'),
      (error: Error) => tell(`not reloaded: ${error.message}\n`),
    )
  })
  for (const [signal, by] of [
    ['SIGTTIN', 1],
    ['SIGTTOU', -1],
  ] as const) {
    process.on(signal, () => {
      if (!canScale(running)) return
      running.scale(running.size + by)
      tell(`scaled to ${running.size}\n`)
    })
  }
  tell(`listening ${JSON.stringify(running.addresses)}\n`)
}
