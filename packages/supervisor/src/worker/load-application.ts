/** From a module reference to the application. */
import { isAbsolute } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Application } from '@tsgi/spec'
import { type ModuleReference, ServeError } from '@tsgi/spec/server'

/** As `import()` does: a program that was compiled by hand has none of its own. */
export type ImportModule = (specifier: string) => Promise<Readonly<Record<string, unknown>>>

/** @throws ServeError `TSGI_ERR_APP_LOAD`, with the cause */
export async function loadApplication(
  reference: ModuleReference,
  importModule: ImportModule = (specifier) => import(specifier),
): Promise<Application> {
  const name = reference.export ?? 'default'
  const module = await importReferred(String(reference.module), importModule)
  const exported = module[name]
  if (typeof exported !== 'function') {
    const found = Object.keys(module).join(', ') || 'nothing'
    throw new ServeError(
      'TSGI_ERR_APP_LOAD',
      `${String(reference.module)} has no function as its export "${name}" (it is ${typeof exported}); it exports ${found}`,
    )
  }
  if (reference.config === undefined) return exported as Application
  try {
    return (await exported(reference.config)) as Application
  } catch (error) {
    throw loadError(error, 'cannot load the application')
  }
}

/** Runs the application's `startup`. @throws ServeError `TSGI_ERR_STARTUP`, with the cause */
export async function startApplication(application: Application): Promise<void> {
  try {
    await application.startup?.()
  } catch (error) {
    throw new ServeError('TSGI_ERR_STARTUP', `the application's startup failed: ${messageOf(error)}`, error)
  }
}

async function importReferred(
  specifier: string,
  importModule: ImportModule,
): Promise<Readonly<Record<string, unknown>>> {
  try {
    if (isAbsolute(specifier)) return await importModule(pathToFileURL(specifier).href)
    if (/^[a-z]+:/.test(specifier)) return await importModule(specifier)
    return await importFromWorkingFolder(specifier, importModule)
  } catch (error) {
    throw loadError(error, `cannot load ${specifier}`)
  }
}

/** A package's name means what it means to the user's project, not to this package. */
async function importFromWorkingFolder(
  specifier: string,
  importModule: ImportModule,
): Promise<Readonly<Record<string, unknown>>> {
  const parentURL = pathToFileURL(`${process.cwd()}/`).href
  const hooks = process.getBuiltinModule('node:module').registerHooks({
    resolve: (name, context, next) => next(name, name === specifier ? { ...context, parentURL } : context),
  })
  try {
    return await importModule(specifier)
  } finally {
    hooks.deregister()
  }
}

function loadError(error: unknown, what: string): ServeError {
  if (error instanceof ServeError) return error
  // It has said all that there is to say.
  if (error instanceof Error && 'code' in error && String(error.code).startsWith('TSGI_ERR_')) {
    return new ServeError('TSGI_ERR_APP_LOAD', error.message, error.cause ?? error)
  }
  return new ServeError('TSGI_ERR_APP_LOAD', `${what}: ${messageOf(error)}`, error)
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
