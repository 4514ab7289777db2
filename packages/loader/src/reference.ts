import { existsSync } from 'node:fs'
import { isAbsolute, relative, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { ModuleReference } from '@tsgi/spec/server'
import { foreignReference } from './foreign.ts'

/**
 * Reads `file[:export]` as people type it. What names a file, by a path, an ending or by being there, becomes a `file:` URL;
 * the rest is a package name. An application in another language is a reference to what runs it.
 *
 * @param cwd what relative paths are relative to
 * @example parseReference('site/app.ts:admin') // { module: 'file:///…/site/app.ts', export: 'admin' }
 */
export function parseReference(text: string, cwd: string = process.cwd()): ModuleReference {
  const foreign = foreignReference(text, cwd)
  if (foreign !== null) return foreign
  const [module, exportName] = splitExport(text, cwd)
  return {
    module: namesFile(module, cwd) ? pathToFileURL(resolve(cwd, toPath(module))).href : module,
    ...(exportName !== undefined && { export: exportName }),
  }
}

/** A reference as it would be typed, relative to `cwd`. */
export function formatReference(reference: ModuleReference, cwd: string = process.cwd()): string {
  const name = formatModule(reference.module, cwd)
  return reference.export === undefined ? name : `${name}:${reference.export}`
}

/** The module of a reference for people: a path relative to `cwd` where that is shorter, else what it is. */
export function formatModule(module: string | URL, cwd: string = process.cwd()): string {
  const text = String(module)
  const path = text.startsWith('file:') ? fileURLToPath(text) : text
  if (!isAbsolute(path)) return text
  const near = relative(cwd, path)
  return near.startsWith('..') ? path : near
}

/** A name after the last colon is an export, unless there is a file with the colon in its name. */
function splitExport(text: string, cwd: string): [module: string, exportName: string | undefined] {
  const match = /^(.+):([\p{ID_Start}$_][\p{ID_Continue}$]*)$/u.exec(text)
  if (match === null || existsSync(resolve(cwd, text))) return [text, undefined]
  return [match[1] as string, match[2]]
}

const toPath = (module: string) => (module.startsWith('file:') ? fileURLToPath(module) : module)

const namesFile = (module: string, cwd: string) =>
  /^(\.{0,2}[\\/]|file:)/.test(module) || /\.[cm]?[jt]sx?$/.test(module) || existsSync(resolve(cwd, module))
