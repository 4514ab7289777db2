/** The project as its tests need it: with tables in a new database. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { testPlaces } from 'notes-kit/testing'
import { onTestFinished } from 'vitest'

export const APP = 'python:notes.wsgi:application'
export const FOLDER: string = fileURLToPath(new URL('..', import.meta.url))
export const NO_DJANGO = 'no Django: install python3-django, or name a Python that has it in TSGI_PYTHON'

/** Runs `manage.py`, and gives what it wrote. */
export async function manage(
  python: string,
  environment: Readonly<Record<string, string | undefined>>,
  ...args: readonly string[]
): Promise<string> {
  const options = { cwd: FOLDER, env: { ...process.env, ...environment } }
  return (await promisify(execFile)(python, ['manage.py', ...args], options)).stdout
}

/** The environment of an empty notebook, until the test has finished. */
export async function newNotebook(python: string): Promise<Readonly<Record<string, string | undefined>>> {
  const [place] = await testPlaces(['SQLite'])
  if (place === undefined) throw new Error('expected a place for notes')
  onTestFinished(() => place.stop())
  const environment = { ...place.environment, TSGI_PYTHON: python }
  await manage(python, environment, 'migrate')
  return environment
}
