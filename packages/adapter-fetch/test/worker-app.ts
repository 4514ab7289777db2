/** The applications of the tests as a module, for servers that load them in processes of their own. */
import { appendFileSync } from 'node:fs'
import type { Application } from '@tsgi/spec'

export type AppName = 'hono' | 'h3'

export interface WorkerConfig {
  readonly app: AppName
  readonly fastGlobals: boolean
  /** File that gets a line for whatever the application notes. */
  readonly notes: string
}

export default async function workerApp({ app, fastGlobals, notes }: WorkerConfig): Promise<Application> {
  const { fromFetch, installFastGlobals } = await import('@tsgi/adapter-fetch/from-fetch')
  // Before the framework is loaded, which might hold on to the classes.
  if (fastGlobals) installFastGlobals()
  const note = (line: string): void => appendFileSync(notes, `${line}\n`)
  if (app === 'hono') return fromFetch((await import('./hono-app.tsx')).honoApp(note))
  return fromFetch((await import('./h3-app.ts')).h3App(() => note('disposed')))
}
