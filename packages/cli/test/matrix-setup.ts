import { mkdirSync, realpathSync, symlinkSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Folder } from './command.ts'

/** Installs a package that this one has as well. */
export function install(folder: Folder, name: string): void {
  const place = folder.file(`node_modules/${name}`)
  mkdirSync(dirname(place), { recursive: true })
  symlinkSync(realpathSync(fileURLToPath(new URL(`../node_modules/${name}`, import.meta.url))), place)
}

export const project = (more: object): string => JSON.stringify({ type: 'module', ...more })

/** A framework that does nothing yet. */
export const MINE = `export default (observe) => (environ, startResponse) => {
  startResponse(501, ['content-type', 'text/plain'])
  return 'not yet'
}`
