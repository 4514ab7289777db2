/** What is to be served, as data: the same for this process and for any that a server starts. */
import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { trustedProxies } from '@tsgi/http-fields'
import type { LayerReference } from '@tsgi/loader'
import type { EntryConfig } from '@tsgi/loader/entry'
import { developmentLayers } from '../developing/development-layers.ts'
import type { Environment } from '../environment.ts'
import { UsageError } from '../usage-error.ts'
import { checkProcessSettings } from './process-options.ts'
import { listenTargets } from './serve-options.ts'
import type { RootPathConfig } from './root-path-layer.ts'
import type { StaticLayerConfig } from './static-layer.ts'

/**
 * Checks whatever can be told without loading the application, so that nothing starts half.
 *
 * @throws UsageError where there is nothing to serve, a static folder is missing, or a setting makes no sense
 */
export function planServing(environment: Environment): EntryConfig {
  const { app, settings, origins, command, cwd } = environment
  if (app === undefined && settings.static.length === 0) {
    throw new UsageError([
      'There is nothing to serve.',
      `Name the file of an application:  tsgi ${command} app.ts`,
      `or a folder of files:             tsgi ${command} --static public`,
    ])
  }
  if (settings.spa && settings.static.length === 0) {
    throw new UsageError([
      `${origins.spa}: expected a folder of files, whose index.html answers; got no --static.`,
      `Name it:  tsgi ${command} ${app?.text ?? ''} --static public --spa`,
    ])
  }
  if (command === 'fetch') return { ...planApplication(environment), layers: planLayers(environment) }
  if (command === 'serve' || command === 'dev') checkProcessSettings(environment)
  const { health, ready, watch, watchPath } = settings
  if (watchPath.length > 0 && !watch) {
    throw new UsageError([`${origins.watchPath}: nothing is watched.`, 'Add --watch, or leave --watch-path out.'])
  }
  if (health !== undefined && health === ready) {
    throw new UsageError([`${origins.health} and ${origins.ready}: expected two paths, got ${health} for both.`])
  }
  try {
    trustedProxies(settings.forwardedAllowIps)
  } catch (error) {
    throw new UsageError([`${origins.forwardedAllowIps}: ${(error as Error).message}.`], error)
  }
  const served = listenTargets(settings).flatMap((target) =>
    'port' in target ? target.port : 'path' in target ? target.path : [],
  )
  return { ...planApplication(environment), layers: planLayers(environment), cwd, served }
}

function planApplication({ app, settings, cwd }: Environment): EntryConfig {
  const { as, factory, fastGlobals, import: imports } = settings
  if (app === undefined) return { imports, cwd }
  const { module, export: name, config } = app.reference
  return {
    app: {
      module: String(module),
      factory,
      ...(name !== undefined && { export: name }),
      ...(as !== undefined && { as }),
      ...(config !== undefined && { config }),
    },
    fastGlobals,
    imports,
    cwd,
  }
}

function planLayers(environment: Environment): readonly LayerReference[] {
  const { app, settings, command, cwd } = environment
  const layers: LayerReference[] = []
  // Next to the application, so that findings are about it and not about what stands in front of it.
  if (settings.validate && app !== undefined) {
    layers.push({
      module: import.meta.resolve('@tsgi/validator/layer'),
      config: { inner: app.text, trace: command !== 'serve' },
    })
  }
  if (settings.static.length > 0) {
    const config: StaticLayerConfig = {
      mounts: settings.static.map(({ prefix, folder }) => ({ prefix, folder: requireFolder(folder, prefix, cwd) })),
      spa: settings.spa,
      recheckAfter: command === 'dev' ? 0 : 1000,
    }
    layers.push({ module: import.meta.resolve('tsgi/static-layer'), config })
  }
  if (settings.compress && (app !== undefined || settings.static.length > 0)) {
    layers.push({ module: import.meta.resolve('tsgi/compress-layer'), config: {} })
  }
  if (settings.rootPath !== undefined) {
    const config: RootPathConfig = { prefix: rootPrefix(environment) }
    layers.push({ module: import.meta.resolve('tsgi/root-path-layer'), config })
  }
  return [...layers, ...developmentLayers(environment)]
}

/** Without a slash at its end; `/` alone is no prefix. */
function rootPrefix({ settings: { rootPath = '' }, origins }: Environment): string {
  const prefix = rootPath.endsWith('/') ? rootPath.slice(0, -1) : rootPath
  if (prefix !== '' && !/\/(?:\/|$)/.test(prefix)) return prefix
  throw new UsageError([`${origins.rootPath}: expected a path such as /app, got ${rootPath}.`])
}

function requireFolder(folder: string, prefix: string, cwd: string): string {
  const path = resolve(cwd, folder)
  const given = prefix === '' ? folder : `${prefix}=${folder}`
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) throw new UsageError([`--static ${given}: there is no such folder.`, `Looked for ${path}`])
  if (!found.isDirectory()) throw new UsageError([`--static ${given}: that is a file; name the folder it is in.`])
  return path
}
