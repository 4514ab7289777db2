import { registerHooks } from 'node:module'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { isForeign } from './foreign.ts'

/**
 * The URL of a module named on a command line: paths and bare package names as an `import` in the folder `cwd` would find
 * them.
 *
 * @throws what Node's resolution throws
 */
export function resolveModule(module: string | URL, cwd: string): string {
  const text = String(module)
  // A peer of this package: where the project does not name it, it may still be installed beside this one.
  if (isForeign(text)) return resolveIfFound(cwd, text) ?? import.meta.resolve(text)
  if (/^(file|data|node):/.test(text)) return text
  if (/^(\.{0,2}[\\/]|[a-z]:[\\/])/i.test(text)) return pathToFileURL(resolve(cwd, text)).href
  return resolveIn(cwd, text)
}

function resolveIfFound(cwd: string, text: string): string | undefined {
  try {
    return resolveIn(cwd, text)
  } catch {
    return undefined
  }
}

function resolveIn(cwd: string, text: string): string {
  // import.meta.resolve starts from this file and takes no other parent, hence the hook, for one synchronous call.
  const parentURL = pathToFileURL(`${cwd}/`).href
  const hooks = registerHooks({ resolve: (specifier, context, next) => next(specifier, { ...context, parentURL }) })
  try {
    return import.meta.resolve(text)
  } finally {
    hooks.deregister()
  }
}
