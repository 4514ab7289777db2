import { readdirSync, statSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { CreateError } from './create-error.ts'

/** What may be in the folder already: the beginning of a repository. */
const HARMLESS = new Set(['.git', '.DS_Store'])

/**
 * The folder, absolute, where it does not exist or is empty.
 *
 * @throws CreateError `TSGI_ERR_FOLDER`
 */
export function targetFolder(name: string): string {
  const folder = resolve(name)
  const found = statSync(folder, { throwIfNoEntry: false })
  if (found === undefined) return folder
  if (!found.isDirectory()) throw refusal(`${name} is a file`)
  const inside = readdirSync(folder).filter((entry) => !HARMLESS.has(entry))
  if (inside.length > 0) {
    const some = inside.slice(0, 3).join(', ')
    throw refusal(`${name} is not empty: it has ${some}${inside.length > 3 ? ` and ${inside.length - 3} more` : ''}`)
  }
  return folder
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
