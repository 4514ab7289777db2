/**
 * The module that a command hands to every server: `{ module: '@tsgi/loader/entry', config }`. All that a process needs to
 * build the application is in `config`, which is JSON.
 */
import type { Application } from '@tsgi/spec'
import type { Json } from '@tsgi/spec/server'
import { importModule } from './import-module.ts'
import type { Kind } from './kind.ts'
import type { Layer, LayerReference } from './layer.ts'
import { LoadError } from './load-error.ts'
import { find, type Found } from './load.ts'
import { describe } from './recognise.ts'

export type { Found } from './load.ts'

export type EntryConfig = {
  /** Absent: nothing stands behind the layers, which is enough for static files. */
  readonly app?: {
    readonly module: string
    readonly export?: string
    readonly as?: Kind
    readonly factory?: boolean
    /** The export makes the application of this. */
    readonly config?: Json
  }
  /** Puts fast classes in the place of the global `Request` and `Response` before anything of the application is loaded. */
  readonly fastGlobals?: boolean
  /** Imported before the application, in order: `--import`. */
  readonly imports?: readonly string[]
  /** From the inside out: the last one sees a request first. */
  readonly layers?: readonly LayerReference[]
  /** What relative paths and package names are seen from. */
  readonly cwd?: string
  /** Ports, and paths of unix sockets, where the server listens: a server of the module that asks for one is the application. */
  readonly served?: readonly (number | string)[]
  /** Whether several processes load this, at once or in turn: then a fixed port on which the module listens is shared. */
  readonly sharePorts?: boolean
}

/** What an entry built: the whole, and what was found at its centre. */
export interface Entry {
  readonly application: Application
  readonly found: Found | null
}

/**
 * Builds the application of a configuration.
 *
 * @throws LoadError when a part of it cannot be had
 */
export async function loadEntry(config: EntryConfig): Promise<Entry> {
  const { app, imports = [], layers = [], cwd = process.cwd(), served = [], sharePorts = false } = config
  if (config.fastGlobals === true) (await import('@tsgi/adapter-fetch/from-fetch')).installFastGlobals()
  for (const module of imports) await importModule(module, cwd)
  const captureListening = { served, sharePorts }
  const found = app === undefined ? null : await find(app, { as: app.as, factory: app.factory, cwd, captureListening })
  let application = found?.application ?? null
  for (const layer of layers) application = await (await importLayer(layer, cwd))(application, layer.config ?? null)
  if (application === null)
    throw new LoadError('TSGI_ERR_APP_NOT_FOUND', ['There is neither an application nor a layer to serve.'])
  return { application, found }
}

async function importLayer({ module, export: name = 'default' }: LayerReference, cwd: string): Promise<Layer> {
  const layer = (await importModule(module, cwd))[name]
  if (typeof layer === 'function') return layer as Layer
  throw new LoadError('TSGI_ERR_APP_NO_EXPORT', [`${module} exports no layer as "${name}", but ${describe(layer)}.`])
}

export default async function entry(config: EntryConfig): Promise<Application> {
  return (await loadEntry(config)).application
}
