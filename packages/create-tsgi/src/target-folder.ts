import { mkdirSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { CreateError } from './create-error.ts'

/** What may be in the folder already: the beginning of a repository. */
const HARMLESS = new Set(['.git', '.DS_Store'])

/**
 * The folder, absolute, where it does not exist or is empty.
 *
 * @throws CreateError `TSGI_ERR_FOLDER`
 */
export function targetFolder(name: string): string {
  if (name.trim() === '') throw new CreateError('TSGI_ERR_FOLDER', 'expected the name of a folder, got an empty one.')
  const folder = resolve(name)
  return explained(name, () => {
    const found = statSync(folder, { throwIfNoEntry: false })
    if (found === undefined) return folder
    if (!found.isDirectory()) throw refusal(`${name} is a file`)
    const inside = readdirSync(folder).filter((entry) => !HARMLESS.has(entry))
    if (inside.length > 0) {
      const some = inside.slice(0, 3).join(', ')
      throw refusal(`${name} is not empty: it has ${some}${inside.length > 3 ? ` and ${inside.length - 3} more` : ''}`)
    }
    return folder
  })
}

/**
 * Makes the folder, and those above it that are missing.
 *
 * @throws CreateError `TSGI_ERR_FOLDER`
 */
export function makeFolder(folder: string): void {
  explained(folder, () => makeMissing(folder))
}

// Not with the option `recursive`: where a file system refuses new folders with ENOENT, as /proc does, that never ends.
function makeMissing(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false }) !== undefined) return
  makeMissing(dirname(folder))
  mkdirSync(folder)
}

/** What the system refuses, as an error for people. */
function explained<T>(name: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof CreateError) throw error
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new CreateError('TSGI_ERR_FOLDER', `${name} cannot be used (${why}). Name another folder.`, error)
  }
}

const refusal = (why: string): CreateError =>
  new CreateError('TSGI_ERR_FOLDER', `${why}. Name a folder that is empty or does not exist.`)

/** The folder's name in the form that package.json takes. */
export function packageName(folder: string): string {
  const words = basename(folder)
    .toLowerCase()
    .split(/[^a-z0-9]+/)
  const name = words.filter((word) => word !== '').join('-')
  return name === '' ? 'tsgi-app' : name
}
