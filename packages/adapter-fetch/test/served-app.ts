/** The applications that people write, on each of the three servers. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serve as serveCluster } from '@tsgi/server-cluster'
import { serve as serveEventLoop } from '@tsgi/server-event-loop'
import { serve as serveProcesses } from '@tsgi/server-process'
import type { ModuleReference, RunningServer, ServeOptions } from '@tsgi/spec/server'
import { afterAll, describe } from 'vitest'
import { uninstallFastGlobals } from '../src/from-fetch/index.ts'
import workerApp, { type AppName, type WorkerConfig } from './worker-app.ts'

export interface ServedApp extends AsyncDisposable {
  /** Without a slash at its end. */
  readonly url: string
  readonly port: number
  /** What the application noted, a line each. */
  notes(): readonly string[]
}

interface Setting {
  readonly server: 'event-loop' | 'cluster' | 'process'
  readonly fastGlobals: boolean
}

const SETTINGS: readonly Setting[] = [
  { server: 'event-loop', fastGlobals: false },
  { server: 'event-loop', fastGlobals: true },
  { server: 'cluster', fastGlobals: false },
  { server: 'process', fastGlobals: true },
]

export function onEveryServer(name: string, app: AppName, tests: (start: () => Promise<ServedApp>) => void): void {
  describe.each(SETTINGS)(`${name} on $server (fastGlobals: $fastGlobals)`, ({ server, fastGlobals }) => {
    afterAll(uninstallFastGlobals)
    tests(() => start(server, app, fastGlobals))
  })
}

async function start(server: Setting['server'], app: AppName, fastGlobals: boolean): Promise<ServedApp> {
  const folder = mkdtempSync(join(tmpdir(), 'tsgi-'))
  const notes = join(folder, 'notes')
  writeFileSync(notes, '')
  const running = await serve(server, { app, fastGlobals, notes })
  const { origin, port } = new URL(running.urls[0] as string)
  return {
    url: origin,
    port: Number(port),
    notes: () => readFileSync(notes, 'utf8').split('\n').slice(0, -1),
    async [Symbol.asyncDispose]() {
      await running.close({ graceful: 0 })
      rmSync(folder, { recursive: true })
    },
  }
}

async function serve(server: Setting['server'], config: WorkerConfig): Promise<RunningServer> {
  const options: ServeOptions = {
    listen: [{ host: '127.0.0.1', port: 0 }],
    // Clients keep connections; none is to be closed while they use it again.
    timeouts: { keepAlive: 60_000 },
    log: () => {},
  }
  if (server === 'event-loop') return serveEventLoop(await workerApp(config), options)
  // TypeScript with JSX, which Node does not take by itself.
  const nodeFlags = ['--import', 'tsx']
  const module: ModuleReference = { module: new URL('worker-app.ts', import.meta.url), config: { ...config } }
  return server === 'cluster'
    ? serveCluster(module, { ...options, workers: 2, nodeFlags })
    : serveProcesses(module, { ...options, spare: 2, nodeFlags })
}
