/** Where a run's files are, and the templates: the same places from source and when built. */
import { fileURLToPath } from 'node:url'

/** Templates of the applications that render by file. */
export const TEMPLATES: string = fileURLToPath(new URL('../../assets/templates/', import.meta.url))

/** Name of the variable by which processes of a run are told where its files are. */
export const FOLDER_VARIABLE = 'TSGI_BENCH_FOLDER'

export function benchFolder(): string {
  const folder = process.env[FOLDER_VARIABLE]
  if (folder === undefined)
    throw new Error(`expected ${FOLDER_VARIABLE}, the folder that a run prepares; it is not set`)
  return folder
}
