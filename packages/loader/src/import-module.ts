import { accessSync, constants, readdirSync, statSync } from 'node:fs'
import { basename, dirname, parse, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isForeign } from './foreign.ts'
import { whyImportFailed } from './import-failure.ts'
import { LoadError } from './load-error.ts'
import { formatModule } from './reference.ts'
import { resolveModule } from './resolve-module.ts'

/** A module's exports. */
export type Exports = { readonly [name: string]: unknown }

/**
 * Imports a module by `file:` URL, path or package name, as seen from `cwd`.
 *
 * @throws LoadError with the reason and the remedy
 */
export async function importModule(module: string | URL, cwd: string): Promise<Exports> {
  const url = requireModule(module, cwd)
  try {
    return (await import(url)) as Exports
  } catch (error) {
    throw whyImportFailed(error, url, cwd)
  }
}

/**
 * The URL of a module, which exists, but has not been read.
 *
 * @throws LoadError `TSGI_ERR_APP_NOT_FOUND`
 */
export function requireModule(module: string | URL, cwd: string): string {
  const url = resolveOrExplain(module, cwd)
  if (url.startsWith('file:')) requireFile(fileURLToPath(url), cwd)
  return url
}

function resolveOrExplain(module: string | URL, cwd: string): string {
  try {
    return resolveModule(module, cwd)
  } catch (error) {
    if (isForeign(module)) {
      throw new LoadError(
        'TSGI_ERR_APP_NOT_FOUND',
        [
          'Applications in other languages run with the package @tsgi/bridge, which is not installed.',
          'Install it:  npm install @tsgi/bridge',
        ],
        error,
      )
    }
    throw new LoadError(
      'TSGI_ERR_APP_NOT_FOUND',
      [
        `There is no file and no installed package "${module}".`,
        `Looked in ${cwd} and its node_modules.`,
        `A file is named with its ending: ${module}.ts`,
      ],
      error,
    )
  }
}

/** Asked before importing, because Node's own words for these speak of modules and of whoever imported them. */
function requireFile(path: string, cwd: string): void {
  const name = formatModule(path, cwd)
  try {
    if (!statSync(path).isFile()) {
      throw new LoadError('TSGI_ERR_APP_NOT_FOUND', [
        `${name} is a folder; name the file that exports the application.`,
        ...suggest(
          filesIn(path).map((file) => resolve(path, file)),
          cwd,
        ),
      ])
    }
    accessSync(path, constants.R_OK)
  } catch (error) {
    if (error instanceof LoadError) throw error
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new LoadError('TSGI_ERR_APP_NOT_FOUND', [`There is no file ${name}.`, ...suggest(neighbours(path), cwd)])
    }
    throw new LoadError('TSGI_ERR_APP_NOT_FOUND', [
      `${name} cannot be read (${code}).`,
      code === 'EACCES'
        ? 'Check who may read it, and the folders above it: ls -l'
        : `The system says: ${String(error)}`,
    ])
  }
}

/** Files of the same name with another ending; else the modules of the folder. */
function neighbours(path: string): string[] {
  const folder = dirname(path)
  const files = filesIn(folder)
  const same = files.filter((file) => parse(file).name === parse(basename(path)).name)
  return (same.length > 0 ? same : files).map((file) => resolve(folder, file))
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((file) => /(?<!\.d|\.test)\.[cm]?[jt]sx?$/.test(file))
  } catch {
    return []
  }
}

const suggest = (paths: readonly string[], cwd: string) =>
  paths.length === 0
    ? []
    : [
        `Found there: ${paths
          .slice(0, 8)
          .map((path) => formatModule(path, cwd))
          .join(', ')}`,
      ]
