/** Files of the repository, by their path from its root. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT: string = fileURLToPath(new URL('../../../', import.meta.url))

/** Where the repository is seen by readers. */
export const HOME: string = (JSON.parse(readText('package.json')) as { readonly homepage: string }).homepage

export function readText(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}

export const isThere = (path: string): boolean => existsSync(join(ROOT, path))

/** Sorted, with slashes. */
export const filesLike = (...patterns: readonly string[]): readonly string[] =>
  globSync([...patterns], { cwd: ROOT, exclude: ['**/node_modules/**'] })
    .map((path) => path.replaceAll('\\', '/'))
    .sort()
